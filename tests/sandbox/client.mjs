// Drives the JavaScript client `zotero-api-client` through what a script would use, against the server named by
// ZOTERO_URL, and prints what it saw as one JSON object.
import { createRequire } from "node:module";
const require = createRequire(process.env.ZOTERO_CLIENT + "/");
const loaded = require("zotero-api-client");
const api = loaded.default ?? loaded;

const { ZOTERO_URL, ZOTERO_KEY, ZOTERO_GROUP, ZOTERO_USER } = process.env;
const options = { apiScheme: "http", apiAuthorityPart: new URL(ZOTERO_URL).host };
const root = api(ZOTERO_KEY, options);
const group = root.library("group", ZOTERO_GROUP);
const bytes = new TextEncoder().encode("%PDF-1.7 é").buffer;
const seen = {};

seen.user = (await root.verifyKeyAccess().get()).getData().userID;
seen.types = (await root.itemTypes().get()).getData().length;
seen.fields = (await root.itemTypeFields("book").get()).getData()[0].field;
seen.creators = (await root.itemTypeCreatorTypes("book").get()).getData()[0].creatorType;
seen.template = (await root.template("book").get()).getData().itemType;
seen.schema = (await root.schema().get()).getData().version;
seen.groups = (await root.library("user", ZOTERO_USER).groups().get()).getData().map((one) => one.id ?? one);

const written = await group.items().post([
	{ itemType: "book", title: "One", tags: [{ tag: "a" }] },
	{ itemType: "book", title: "Two" },
	{ itemType: "bogus" },
]);
seen.written = written.isSuccess();
seen.errors = Object.values(written.getErrors()).map((one) => one.message);
const [one, two] = [written.getEntityByIndex(0), written.getEntityByIndex(1)];
const list = await group.items().get({ sort: "title", limit: 1 });
seen.list = list.getData().map((item) => item.title);
seen.total = list.getTotalResults();
seen.next = list.getRelLinks().next !== undefined;
seen.versions = (await group.items().get({ format: "versions" })).response.status;

const version = (await group.items(one.key).patch({ title: "Uno" }, { version: one.version })).getVersion?.();
const again = await group.items(one.key).get();
seen.patched = again.getData().title;
seen.patchedVersion = version === undefined || version >= again.getVersion();
try {
	await group.items(one.key).version(one.version).patch({ title: "Eins" });
} catch (error) {
	seen.stale = error.response.status;
}
seen.unmodified = await group.items().version(10 ** 6).get().then((r) => r.response.status, (e) => e.response.status);

const made = await group.collections().post([{ name: "Outer" }]);
const outer = made.getEntityByIndex(0).key;
await group.collections().post([{ name: "Inner", parentCollection: outer }]);
seen.sub = (await group.collections(outer).subcollections().get()).getData().map((c) => c.name);
await group.items(two.key).patch({ collections: [outer] }, { version: two.version });
seen.members = (await group.collections(outer).items().top().get()).getData().map((item) => item.title);

const search = { name: "S", conditions: [{ condition: "title", operator: "is", value: "One" }] };
await group.searches().post([search]);
seen.searches = (await group.searches().get()).getData().map((s) => s.name);
await group.settings("tagColors").put({ value: [{ name: "a", color: "#990000" }] });
seen.settings = (await group.settings("tagColors").get()).getData().value?.[0]?.name;
seen.tags = (await group.tags().get()).getData().map((t) => t.tag);
seen.itemTags = (await group.items().top().tags().get({ itemTag: ["a"] })).getData().map((t) => t.tag);

const stored = { itemType: "attachment", linkMode: "imported_file", title: "PDF", parentItem: one.key };
const file = (await group.items().post([stored])).getEntityByIndex(0).key;
const upload = await group.items(file).attachment("paper.pdf", bytes).post();
seen.upload = upload.getResponseType();
seen.md5 = (await group.items(file).get()).getData().md5;
const fetched = await group.items(file).attachment().get();
seen.fetched = new TextDecoder().decode(fetched.getData());
const address = (await group.items(file).attachmentUrl().get()).getData();
seen.viewed = await (await fetch(address)).text();
seen.children = (await group.items(one.key).children().get()).getData().length;
const other = (await group.items().post([{ ...stored, parentItem: two.key }])).getEntityByIndex(0).key;
await group.items(other).attachment("same.pdf", bytes).post();
seen.known = (await group.items(other).get()).getData().filename;

const latest = (await group.items().get({ limit: 1 })).getVersion();
await group.items().version(latest).delete([one.key]);
seen.deleted = (await group.deleted(latest).get()).getData().items.includes(one.key);
seen.gone = await group.items(one.key).get().then((r) => r.response.status, (e) => e.response.status);
const now = (await group.items().get({ limit: 1 })).getVersion();
await group.items(two.key).patch({ deleted: 1 }, { version: now });
seen.trash = (await group.items().trash().get()).getData().map((item) => item.title);

console.log(JSON.stringify(seen));
