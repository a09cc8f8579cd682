"""Rows that break a rule are refused with the rule and where they stood; nothing is rounded, guessed or lost."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_products import USUAL, Made, frames_of

from schemas.validation import SchemaMismatch, conform, examine, validate

FACTS = frames_of(Made("a", tables=USUAL))["facts"]


def test_good_rows_come_back_whole_and_in_order() -> None:
    good, refused = validate("facts", FACTS)
    assert refused.is_empty()
    assert good["fact_id"].to_list() == FACTS["fact_id"].to_list()
    assert good["notes"].null_count() == good.height  # a nullable column that was not given


def test_each_bad_row_is_refused_once_with_its_rule_and_place() -> None:
    changed = FACTS.with_row_index("n").with_columns(
        pl.when(pl.col("n") == 1).then(pl.lit("expenses")).otherwise("table_kind").alias("table_kind"),
        pl.when(pl.col("n") == 2).then(None).otherwise("raw_text").alias("raw_text"),
        pl.when(pl.col("n") == 3).then(pl.lit("20x")).otherwise("subject_code").alias("subject_code"),
        pl.when(pl.col("n") == 1).then(pl.lit("perhaps")).otherwise("trust").alias("trust"),
    ).drop("n")
    good, refused = validate("facts", changed)
    assert good.height == FACTS.height - 3
    assert refused["rule"].to_list() == ["isin(table_kind)", "not_nullable(raw_text)", "str_matches(subject_code)"]
    assert refused["relation"].unique().to_list() == ["facts"]
    assert refused["row_no"].to_list() == changed["row_no"][1:4].to_list()
    assert refused["column_no"].to_list() == changed["column_no"][1:4].to_list()
    assert refused["document_id"].to_list() == changed["document_id"][1:4].to_list()
    assert refused["raw_text"].to_list() == [changed["raw_text"][1], None, changed["raw_text"][3]]


def test_of_equal_keys_the_first_stays() -> None:
    good, refused = validate("facts", pl.concat([FACTS, FACTS.head(2)]))
    assert good["fact_id"].to_list() == FACTS["fact_id"].to_list()
    assert refused["rule"].to_list() == ["unique(fact_id)"] * 2


def test_the_value_stands_for_the_raw_text_where_a_relation_has_none() -> None:
    aliases = pl.DataFrame({"entity_id": ["no hash", "a" * 16], "alias": ["某局", "某局"]})
    good, refused = validate("dim_entity_alias", aliases)
    assert good["entity_id"].to_list() == ["a" * 16]
    assert refused.select("rule", "raw_text").rows() == [("str_matches(entity_id)", "no hash")]


def test_examine_keeps_rows_in_their_places() -> None:
    aliases = pl.DataFrame({"entity_id": ["a" * 16, "bad", "b" * 16], "alias": ["甲", "乙", "丙"]})
    examined = examine("dim_entity_alias", aliases)
    assert examined.kept.to_list() == [True, False, True]
    assert examined.fitted["alias"].to_list() == ["甲", "乙", "丙"]


@pytest.mark.parametrize(
    ("text", "kept"), [("1.2345", True), ("1.23450", True), ("1.23456", False), ("0.0000000000001", False), ("x", False)]
)
def test_text_amounts_are_exact_or_refused(text: str, kept: bool) -> None:
    frame = FACTS.head(1).with_columns(pl.lit(text).alias("amount_yuan"))
    good, refused = validate("facts", frame)
    assert (good.height, refused.height) == ((1, 0) if kept else (0, 1))
    if kept:
        assert good["amount_yuan"].item() == Decimal(text)
    else:
        assert refused["rule"].item() == "decimal(amount_yuan)"


@given(st.decimals(min_value=-10**12, max_value=10**12, places=8, allow_nan=False, allow_infinity=False))
def test_no_amount_is_ever_rounded(amount: Decimal) -> None:
    frame = FACTS.head(1).with_columns(pl.Series("amount_yuan", [amount], dtype=pl.Decimal(30, 8)))
    good, refused = validate("facts", frame)
    if amount == round(amount, 4):
        assert good["amount_yuan"].to_list() == [amount]
    else:
        assert refused["rule"].to_list() == ["decimal(amount_yuan)"]


def test_a_float_is_no_amount() -> None:
    with pytest.raises(SchemaMismatch, match=r"facts\.amount_yuan: a float is not an amount"):
        validate("facts", FACTS.with_columns(pl.col("amount_yuan").cast(pl.Float64)))


def test_a_frame_of_other_columns_is_a_mistake_of_ours() -> None:
    with pytest.raises(SchemaMismatch, match=r"unknown columns \['colour'\], missing columns \['alias'\]"):
        validate("dim_entity_alias", pl.DataFrame({"entity_id": ["a" * 16], "colour": ["red"]}))
    with pytest.raises(SchemaMismatch, match=r"facts\.page"):
        conform("facts", FACTS.with_columns(pl.lit("first").alias("page")))


def test_columns_that_hold_only_nulls_take_the_declared_type() -> None:
    frame = pl.DataFrame({"entity_id": ["a" * 16], "name": ["某局"], "region_code": [None]})
    assert conform("dim_entity", frame).schema["region_code"] == pl.String
