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
# Journals that are written out; their names occur in titles, so that they count with a year or in a bracket.
JOURNALS = phrases(
    """
    acm chi | acm multimedia | acm multimedia asia | applied sciences | artificial intelligence |
    artificial intelligence review | bioinformatics |
    electronics | entropy | expert systems with applications | foundations and trends | ieee access |
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
