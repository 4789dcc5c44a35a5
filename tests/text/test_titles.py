from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.text.titles import coined_name, fold, is_generic, is_shouting, marks, relation, segments, similarity

RELATIONS = [
    ("Deep Metric Learning With Angular Loss", "Deep metric learning with angular loss", "equal"),
    ("Signal-to-Noise Ratio: A Robust Metric", "Signal to noise ratio — a robust metric", "equal"),
    ("Noise‐Resistant Metric Learning", "Noise-resistant metric learning.", "equal"),
    ("$\\beta$-VAE: Learning Basic Visual Concepts", "β-VAE: Learning Basic Visual Concepts", "equal"),
    ("Co-segmentation of Image Pairs", "Cosegmentation of image pairs", "equal"),
    ("<i>N</i>-pair Loss &amp; Friends", "N-Pair Loss & Friends", "equal"),
    ('Scaling to {ImageNet} with Schr{\\"o}dinger Bridges', "Scaling to ImageNet with Schrödinger bridges", "equal"),
    ("Recall@k Surrogate Loss", "Recall@K surrogate loss", "equal"),
    ("Neighbourhood Components Analysis", "Neighborhood Component Analysis", "near"),
    ("Learning Deep Disentangled Embeddings", "Learning Deep Disentagled Embeddings", "near"),
    ("Proxy Losses and Total nd Direct Effects", "Proxy Losses and Total and Direct Effects", "slip"),
    ("Automatic Creation o Infographics from Text", "Automatic Creation of Infographics from Text", "slip"),
    ("Focal Loss for Dense Objects in Images", "Local Loss for Dense Objects in Images", "slip"),
    ("A Meragraph2vec Based Detection System", "A Metagraph2vec Based Detection System", "slip"),
    ("Diversity-promoting Data AAugmentation", "Diversity-promoting Data Augmentation", "near"),
    ("Hot Spots in Graphs", "Hot Spots on Graphs", "similar"),  # too short to tell
    ("Symmetric Embeddings of Large Graphs", "Asymmetric Embeddings of Large Graphs", "similar"),
    ("Learning now to Match Embeddings", "Learning not to Match Embeddings", "similar"),
    ("Regression with Model A for Embeddings", "Regression with Model B for Embeddings", "similar"),
    ("Regression with Model I for Embeddings II", "Regression with Model I for Embeddings III", "apart"),
    ("The 12th Challenge of Perceptual Quality", "The 13th Challenge of Perceptual Quality", "apart"),
    ("Editorials of the Conference 2016 Volume", "Editorials of the Conference 2017 Volume", "apart"),
    ("MAMBA", "MAMBA: Multi-level Aggregation via a Memory Bank", "part"),
    ("Deep Learning", "Deep Learning: Methods and Applications", "part"),
    ("Ageing of Organs", "Ageing of Organs: Investigations on 40,000 Subjects of a Bank", "part"),
    ("Ageing of Several Organs", "Ageing of Several Organs: Part 2 of Several", "apart"),
    ("Ageing of Several Organs", "Ageing of Several Organs 2.0", "apart"),
    ("Ageing of Several Organs", "Ageing of Several Organs: A Tutorial on Doing It", "apart"),
    ("PADS: Policy-Adapted Sampling for Similarity", "Policy-Adapted Sampling for Similarity", "part"),
    (
        "Fewer is More: A Deep Graph Perspective Using Fewer Proxies",
        "A Deep Graph Perspective Using Fewer Proxies",
        "part",
    ),
    ("A Curious Margin Paradox: Evidence from Retrieval", "A Curious Margin Paradox", "part"),
    ("S2SD: Simultaneous Self-Distillation of Features", "Simultaneous Self-Distillation of Features", "part"),
    ("Group Loss", "Group Loss++", "apart"),
    ("The Group Loss for Deep Metric Learning", "The Group Loss++: A Deeper Look Into Group Loss", "apart"),
    ("Programming in C", "Programming in C++", "apart"),
    ("Notes on Convex Hulls, Part I", "Notes on Convex Hulls, Part II", "apart"),
    ("Notes on Convex Hulls 1", "Notes on Convex Hulls", "apart"),
    ("Rocky Manifolds II", "Rocky Manifolds 2", "similar"),
    ("YOLOv3: An Incremental Improvement", "YOLOv4: An Incremental Improvement", "apart"),
    ("2D Pose Estimation of Hands", "3D Pose Estimation of Hands", "apart"),
    ("Correction to: Boosting Embeddings Robustly", "Boosting Embeddings Robustly", "apart"),
    ("Supplementary Material: Boosting Embeddings Robustly", "Boosting Embeddings Robustly", "apart"),
    ("A Comment on Boosting Embeddings Robustly", "Boosting Embeddings Robustly", "apart"),
    ("Supervised Hashing with Kernel Machines", "Unsupervised Hashing with Kernel Machines", "similar"),
    ("Deep Metric Learning to Rank", "Deep Metric Learning", "similar"),
    ("BIER: Online Gradient Boosting", "Deep Metric Learning with BIER: Boosting Independent Embeddings", "kin"),
    ("Divide and Conquer the Embedding Space", "Improving Deep Metric Learning by Divide and Conquer", "kin"),
    ("Attention Is All You Need", "Sampling Matters in Embeddings", "different"),
    ("", "", "different"),
]


@pytest.mark.parametrize(("one", "other", "expected"), RELATIONS)
def test_titles_relate_as_a_reader_would_say(one: str, other: str, expected: str) -> None:
    assert relation(one, other) == expected


@pytest.mark.parametrize(("one", "other", "expected"), RELATIONS)
def test_a_relation_is_symmetric(one: str, other: str, expected: str) -> None:
    assert relation(one, other) == relation(other, one)


@given(st.text("abcdefgh ", min_size=20, max_size=60), st.data())
def test_one_letter_never_makes_two_titles_different(title: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(title) - 1))
    assert relation(title, title[:at] + "k" + title[at + 1 :]) not in ("kin", "different") or len(fold(title)) < 20


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_relate_symmetrically(one: str, other: str) -> None:
    assert relation(one, other) == relation(other, one)


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_keeps_what_distinguishes() -> None:
    assert fold("The Group Loss++: A Deeper Look") == "the group loss++ a deeper look"
    assert fold("C++ & C#") == "c++ c#"
    assert fold("Recall@k, 3D and ResNet-50") == "recall@k 3d and resnet 50"
    assert fold("Étude sur l’apprentissage à 100 %") == "etude sur lapprentissage a 100"


def test_similarity_is_about_the_folded_titles() -> None:
    assert similarity("DEEP METRIC LEARNING!", "Deep metric learning") == 100
    assert similarity("Group Loss", "Group Loss++") < 100


@pytest.mark.parametrize("title", ["Deep Learning", "Deep Metric Learning: A Survey", "Editorial", "Neural Codes"])
def test_short_and_common_titles_are_generic(title: str) -> None:
    assert is_generic(title)


@pytest.mark.parametrize("title", ["Neighbourhood Components Analysis", "Unsupervised Hyperbolic Metric Learning"])
def test_titles_with_telling_words_are_not_generic(title: str) -> None:
    assert not is_generic(title)


def test_shouting_needs_more_than_one_word() -> None:
    assert is_shouting("RANKED LIST LOSS FOR DEEP METRIC LEARNING")
    assert not is_shouting("BERT")
    assert not is_shouting("SLADE: A Self-Training Framework")


def test_segments_end_at_colons_and_dashes_but_not_at_hyphens() -> None:
    assert segments("BIER - Boosting Self-Made Embeddings: Really") == (
        "BIER",
        "Boosting Self-Made Embeddings",
        "Really",
    )
    assert coined_name("BIER - Boosting Embeddings") == "bier"
    assert coined_name("Deep Metric Learning: A Survey") == ""


def test_marks_name_numerals_in_arabic() -> None:
    assert marks("Convex Hulls, Part IV").numerals == ("4",)
    assert marks("I Know What You Did").numerals == ()
    assert marks("YOLOv3 on 3D Scenes 2015").mixed == ("3d", "yolov3")


@pytest.mark.parametrize(
    "hostile",
    ["$" * 50_000, "\\" * 50_000, "<" * 50_000, " : " * 20_000, "&amp;" * 20_000, "a+" * 30_000, "é" * 90_000],
)
def test_hostile_titles_cost_no_time(hostile: str) -> None:
    began = time.perf_counter()
    relation(hostile, hostile + "x")
    marks(hostile)
    assert time.perf_counter() - began < 2
