"""The words by which lists say what they mean: venues, labels of links, names of columns.

Data only. A word that is missing here makes reading less sure, never wrong by itself: a bold or dated acronym is taken
for a venue without being known, a link is also judged by its address.
"""

from __future__ import annotations

from collections.abc import Mapping

from dmlsync.model import LinkKind


def words(text: str) -> frozenset[str]:
    """The words of `text`, which blanks part."""
    return frozenset(text.split())


def phrases(text: str) -> frozenset[str]:
    """The phrases of `text`, which `|` parts."""
    return frozenset(" ".join(phrase.split()) for phrase in text.split("|"))


# Conferences, journals and preprint servers, as lists abbreviate them.
VENUES = words(
    """
    3dv aaai accv acl acml acmmm aistats arxiv biorxiv bmvc cikm coling collas colm colt conll corl corr cviu
    cvpr dmkd eacl eccv ecir ecml ecml-pkdd ecmlpkdd ejor emnlp esann fg focs gcpr globalsip icann icassp iccp
    iccv icdar icde icdm icip iclr icme icmi icml icmla icmr icpr icra icvgip ijcai ijcb ijcnn ijcv ijrr imavis
    interspeech ipmi iros isbi iscas isit ismar ismir jair jmiv jmlr jstsp kdd medrxiv miccai midl mlj mlsp
    mlsys mm mmm naacl ndss neucom neurips nips osdi pakdd pami pkdd pmlr pnas pods popl pr prl ra-l recsys rss
    sdm siam siggraph sigir sigmod soda spl ssrn stoc t-pami tacl tbd tcsvt tcyb tgrs tifs tip tist tkdd tkde
    tmi tmlr tmm tnn tnnls tog toit tomm tpami trec tro tsp tvcg uai usenix vcip visapp vldb wacv wsdm www
    """
)
# Words that stand beside a venue and do not make it a title.
VENUE_COMPANIONS = words(
    """
    abs acm conference cvf elsevier findings ieee ieee/cvf international joint main preprint springer track
    trans. transactions w workshop workshops
    """
)
# Who publishes code and models, and is written like a conference.
NO_VENUES = words(
    """
    ai2 baai cmu deepmind eth fair hkust ibm inria kaist mila mit msra nvidia nyu openai ucla ucsd uiuc ustc
    """
)
# Journals that are written out; their names occur in titles, so that they count with a year or in a bracket.
JOURNALS = phrases(
    """
    acm chi | acm multimedia | acm multimedia asia | applied sciences | artificial intelligence |
    artificial intelligence review | bioinformatics |
    electronics | entropy | expert systems with applications | foundations and trends | ieee access |
    foundations and trends in computer graphics and vision | foundations and trends in machine learning |
    image and vision computing | information fusion | information sciences | knowledge-based systems |
    machine learning | nature | nature communications | nature machine intelligence | nature methods |
    neural computation | neural networks | neurocomputing | pattern recognition | pattern recognition letters |
    plos one | remote sensing | science | scientific reports | sensors | signal processing | symmetry
    """
)
# Words of family names that are written small.
NAME_PARTICLES = words(
    """
    af al av ben bin da das de del della den der di do dos du e el ibn la le st st. ten ter van von y zu zur
    """
)
# Family names that are written with the given name in one word, without capitals: without them, every short text in
# these scripts might be a name.
FAMILY_NAMES = tuple(
    sorted(
        words(
            """
    王 李 张 張 刘 劉 陈 陳 杨 楊 黄 黃 赵 趙 吴 吳 周 徐 孙 孫 马 馬 朱 胡 郭 何 林 罗 羅 郑 鄭 梁 谢 謝 宋 唐 许
    許 韩 韓 邓 鄧 冯 馮 曹 彭 曾 肖 蕭 田 董 潘 袁 蔡 蒋 蔣 余 于 杜 叶 葉 程 魏 苏 蘇 吕 呂 丁 任 卢 盧 姚 沈 钟
    鍾 姜 崔 谭 譚 陆 陸 范 汪 廖 石 金 韦 韋 贾 賈 夏 付 傅 方 邹 鄒 熊 白 孟 秦 邱 侯 江 尹 薛 闫 閻 段 雷 龙 龍
    黎 史 陶 贺 賀 毛 郝 顾 顧 龚 龔 邵 万 萬 覃 武 钱 錢 戴 严 嚴 莫 孔 向 常 汤 湯 欧阳 司马 诸葛 上官 김 이 박 최
    정 강 조 윤 장 임 한 오 서 신 권 황 안 송 류 유 홍 전 고 문 손 양 배 백 허 남 심 노 하 곽 성 차 주 우 구 민 나
    진 지 엄 채 원 천 방 佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村
    斎藤 清水 山崎 池田 橋本 阿部 森 石川 山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本
    斉藤 福田 太田 西村 藤井 金子 岡本 藤原 中野 三浦 原田 中川 松田 竹内 小野 田村 中山 和田 石田 森田 上田 内田
    柴田 酒井 宮崎 横山 高木 安藤 宮本 大野 小島 谷口 今井 工藤 高田 増田 丸山 杉山 村田 大塚 新井
    """
        )
    )
)
# Words of titles that are capitalised like names and hardly ever are one.
NO_NAMES = words(
    """
    a adaptive adversarial alignment an analysis approach approximate attention augmentation available awesome
    baseline benchmark best beyond classification clustering code coming cross data dataset deep detection
    discriminative distance distribution easy efficient embedding embeddings end estimation exploring face fast
    feature features federated few fine framework general generative global graph great hard hash hashing highly
    identification image images important in into knowledge language large large-scale learned learning linear
    local loss losses margin matching memory method methods metric metrics mining model models multi must
    network networks neural new of official on online optimal optimization pair paper pdf project proxies proxy
    ranking read recognition recommended representation representations retrieval robust sampling search self
    self-supervised semantic semi shot similarity soon space sparse survey the to toward towards training
    transfer transformer transformers triplet understanding unified unsupervised updated via video view vision
    visual weak with zero zero-shot
    """
)
# A full stop behind these ends no sentence.
ABBREVIATIONS = words(
    """
    approx. cf. comput. conf. dept. dr. e.g. eq. fig. i.e. int. mr. no. pp. proc. prof. st. symp. trans. univ.
    vol. vs.
    """
)

# Labels of links, and of lines that hold links.
PDF_LABELS = words(
    """
    pdf pdfs
    """
)
CODE_LABELS = words(
    """
    bitbucket caffe code codes git github gitlab implementation implementations jax keras matlab mxnet paddle
    python pytorch repo repository source-code tensorflow theano torch 代码 源码
    """
)
OTHER_LABELS = words(
    """
    appendix bib bibtex blog citation cite colab data dataset datasets demo discussion hf home homepage
    huggingface media model models news note notebook notes page pages post poster presentation project projects
    review reviews site slide slides summary supp suppl supplement supplemental supplementary talk thread
    tutorial tweet twitter video videos web website weights youtube 主页 视频 项目
    """
)
PAPER_LABELS = words(
    """
    abs abstract acm article artikel arxiv conference cvf doi download elsevier full fulltext here html ieee
    journal link links openaccess openreview paper papers papier pmlr preprint proceedings publication read
    springer text url version 论文 链接
    """
)
LABEL_FILLERS = words(
    """
    a also an and at by for from in new of official on original our see source the their this unofficial v1 v2
    v3 via
    """
)
# Labels of lines below a paper that are no paper themselves.
NOTE_LABELS = words(
    """
    abstract author authors comment comments conference date journal keywords published remark summary tl;dr
    tldr venue why year
    """
)
# First words of bullets that speak to the reader, and words that stand anywhere in such a bullet.
REMARK_STARTS = words(
    """
    add added all any ask be bring browse build changed check click clone coming contact contribute contributed
    contributions contributors create curated currently do don't download each edit email ensure every everyone feel
    fix fixed follow for fork help here if i install it its join keep last made mail maintained make more moved my
    new next note open our papers please pull put read remove removed run send see sort star submit subscribe
    suggestions tba tbd test thank thanks there these this todo to-do try update updated upload use visit wanted we
    welcome when write you your
    """
)
REMARK_WORDS = words(
    """
    changelog click e-mail github http https licence licensed license please pull-request readme thanks typo typos
    welcome you'll
    """
)
# What stands before a colon in such a bullet.
REMARK_LABELS = phrases(
    """
    action items | announcement | contact | credits | deadline | e-mail | email | example | hint | homework |
    last update | last updated | licence | license | maintainer | maintainers | meeting | meetings | mentor | news |
    next meeting | presenter | room | speaker | task | time | tip | todo | update | updated | updates | warning
    """
)
# Last words before a link that is part of the sentence.
LINK_LEADS = words("a an and is my or our see the their these this your")

# Names of columns, in lower case and without punctuation.
TITLE_COLUMNS = phrases(
    """
    article title | paper name | paper title | titel | title | title of paper | titles | titre | título |
    work title | 标题 | 论文名称 | 论文标题 | 论文题目 | 题目
    """
)
TITLE_OR_LINK_COLUMNS = phrases(
    """
    article | artikel | name | paper | papers | papier | publication | work | 名称 | 论文
    """
)
AUTHOR_COLUMNS = phrases(
    """
    auteur | auteurs | author | author list | author s | authors | authors list | autor | autoren | by |
    first author | 作者
    """
)
YEAR_COLUMNS = phrases(
    """
    année | año | date | datum | jahr | pub date | publication date | publication year | published |
    release date | year | years | 年 | 年份 | 日期 | 时间
    """
)
VENUE_COLUMNS = phrases(
    """
    booktitle | conf | conference | conference journal | conference year | conférence | journal |
    journal conference | konferenz | proceedings | pub | publication | published at | published in |
    published on | publisher | venue | venue year | venues | 会议 | 出处 | 发表 | 期刊
    """
)
_PDF_COLUMNS = phrases(
    """
    pdf | paper pdf | pdf link
    """
)
_PAPER_COLUMNS = phrases(
    """
    paper | papers | link | links | url | urls | paper link | paper url | paper links | arxiv | doi | article |
    abstract | 链接 | 论文链接 | 论文地址
    """
)
_CODE_COLUMNS = phrases(
    """
    code | codes | github | implementation | implementations | repo | repository | source code | source |
    code link | official code | 代码 | 开源代码
    """
)
_OTHER_COLUMNS = phrases(
    """
    project | project page | website | web | homepage | page | video | slides | poster | resources | material |
    materials | 项目
    """
)
LINK_COLUMNS: Mapping[str, LinkKind] = {
    **dict.fromkeys(_PDF_COLUMNS, "pdf"),
    **dict.fromkeys(_PAPER_COLUMNS, "paper"),
    **dict.fromkeys(_CODE_COLUMNS, "code"),
    **dict.fromkeys(_OTHER_COLUMNS, "other"),
}
