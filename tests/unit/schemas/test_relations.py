"""Every relation of the contract is declared, labelled in two languages, and usable."""

from __future__ import annotations

import re

import polars as pl
import pytest

from schemas.columns import ColumnParts, ancestors, column_code, column_label, column_parts
from schemas.registry import EVERY_RELATION, PRODUCT_RELATIONS, RELATIONS, VIEW_RELATIONS, empty_frame, polars_schema
from schemas.relations import amounts, dimensions, grid, quality, results, sources, summable
from schemas.relations.base import RelationModel
from schemas.validation import validate
from schemas.vocabularies import EXPENDITURE_TYPE, FUNDING, VOCABULARIES

CONTRACT = {
    "inputs": "input_id source_name document_id status reason first_seen last_seen",
    "documents": "document_id source_name sha256 bytes media_type status reason entity_id entity_name entity_code region_code fiscal_year "
                 "document_kind publication_id edition_no is_current superseded_by pages numbers_total numbers_facts numbers_other "
                 "numbers_rejected numbers_not_understood personal_data_removed ingested_at reader_version",
    "tables": "table_id document_id table_no title table_kind declared_unit first_page last_page n_rows n_columns header_rows method "
              "confidence emptiness status reason",
    "cells": "table_id row_no column_no row_span column_span text page x0 top x1 bottom",
    "facts": "fact_id document_id table_id page row_no column_no x0 top x1 bottom department_id department_name entity_id entity_name "
             "entity_code region_code document_kind table_kind fiscal_year side subject_scheme subject_code subject_name function_code "
             "economic_department_code economic_government_code printed_code row_label project_name row_role row_level parent_row_no "
             "is_leaf column_path column_code funding expenditure_type budget_period stage measure column_subject_code amount_yuan "
             "raw_text first_reading_text unit increment_yuan meaning_confidence trust suggested_yuan",
    "rejects": "document_id table_id page row_no column_no relation rule raw_text",
    "checks": "check_id document_id rule outcome trivial left_yuan right_yuan difference_yuan tolerance_yuan fact_ids",
    "findings": "finding_id document_id rule severity verdict fact_id page subject_code printed expected proofs message_zh message_en",
    "claims": "claim_id document_id page sentence subject_code subject_text funding expenditure_type fiscal_year stage amount_yuan "
              "change_yuan change_percent share_percent outcome fact_id",
    "indicators": "indicator_id document_id table_id page scope level1 level2 indicator target_text target_operator target_value "
                  "target_unit actual_text actual_value points score",
    "statistics": "statistic_id document_id table_id page entity_id name value unit as_of source",
    "dim_subject": "scheme code name level parent_code valid_from valid_to confidence",
    "dim_entity": "entity_id name region_code parent_entity_id level valid_from valid_to",
    "dim_entity_alias": "entity_id alias",
    "dim_region": "code name level parent_code valid_from valid_to",
    "dim_table_kind": "table_kind name_zh name_en priority",
    "dim_column": "column_code label_zh label_en",
    "publication": "version published_at code_version n_documents content_hash",
    "v_expenditure": "", "v_income": "", "v_three_public": "", "v_projects": "", "v_indicators": "", "v_coverage": "", "v_provenance": "",
    "v_quality": "", "v_understanding": "", "v_trusted_facts": "",
}


@pytest.mark.parametrize("relation", CONTRACT)
def test_every_column_of_the_contract_is_there(relation: str) -> None:
    assert set(CONTRACT[relation].split()) <= set(polars_schema(relation))


def test_columns_beyond_the_contract_do_not_make_its_joins_ambiguous() -> None:
    """`cells join tables using (table_id) join documents using (document_id)` must work, so cells know no document."""
    assert "document_id" not in polars_schema("cells")


@pytest.mark.parametrize("relation", EVERY_RELATION.values(), ids=EVERY_RELATION.keys())
def test_every_relation_and_column_is_labelled_in_chinese_and_english(relation) -> None:
    chinese = re.compile(r"[一-鿿]")
    about = relation.about
    assert chinese.search(about.title_zh)
    assert chinese.search(about.description_zh)
    assert re.search("[a-z]", about.title_en)
    assert re.search("[a-z]", about.description_en)
    for column in relation.columns:
        assert chinese.search(column.title_zh) or column.title_zh == "SHA-256", column
        assert chinese.search(column.description_zh), column
        assert re.search("[A-Za-z]", column.title_en), column
        assert re.search("[A-Za-z]", column.description_en), column


def test_every_model_that_is_declared_is_registered() -> None:
    declared = {
        value for module in (amounts, dimensions, grid, quality, results, sources, summable) for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, RelationModel) and value is not RelationModel
    }
    assert declared == {relation.model for relation in RELATIONS.values()}


def test_every_vocabulary_closes_a_column_or_says_what_a_reason_may_be() -> None:
    used = {column.vocabulary for relation in RELATIONS.values() for column in relation.columns} - {None}
    assert set(VOCABULARIES) - used == {"reason", "funding"}  # reasons are open; funding also takes the parts of the carry-over


@pytest.mark.parametrize("relation", RELATIONS)
def test_an_empty_frame_passes_its_own_model(relation: str) -> None:
    good, refused = validate(relation, empty_frame(relation))
    assert good.schema == polars_schema(relation)
    assert refused.schema == polars_schema("rejects")
    assert good.is_empty()
    assert refused.is_empty()


def test_money_is_decimal_everywhere() -> None:
    for relation in EVERY_RELATION.values():
        for column in relation.columns:
            if column.name.endswith("_yuan"):
                assert isinstance(column.dtype, pl.Decimal), (relation.name, column.name)


def test_products_are_relations_that_hold_rows() -> None:
    assert set(PRODUCT_RELATIONS) <= set(RELATIONS)
    assert not set(VIEW_RELATIONS) & set(RELATIONS)
    with pytest.raises(TypeError, match="view"):
        _ = VIEW_RELATIONS["v_income"].pandera_schema


class TestColumnCodes:
    def test_only_parts_that_are_not_the_default_are_named(self) -> None:
        assert column_code(ColumnParts()) == "total"
        parts = ColumnParts("general_public_budget", "basic_personnel")
        assert column_code(parts) == "general_public_budget.basic_personnel"
        assert column_code(ColumnParts(stage="change", measure="procurement")) == "change.procurement"

    @pytest.mark.parametrize("parts", [
        ColumnParts(),
        ColumnParts("carryover.unit_funds", "project", "current_year", "final_accounts", "procurement_sme", "30101"),
        ColumnParts("carryover", "carried_forward"),
        ColumnParts(funding="carryover.total"),
        ColumnParts("business_operating_income", "business_operating"),
    ])
    def test_a_code_comes_apart_again(self, parts: ColumnParts) -> None:
        again = column_parts(column_code(parts))
        assert again == (parts if parts.funding != "carryover.total" else ColumnParts("carryover"))

    def test_what_is_no_part_is_refused_by_name(self) -> None:
        with pytest.raises(ValueError, match="'nonsense' is no further part"):
            column_parts("general_public_budget.nonsense")
        with pytest.raises(ValueError, match="no further part"):
            column_parts("basic.project")

    def test_labels_are_composed_of_the_parts_labels(self) -> None:
        assert column_label("general_public_budget.basic_personnel") == ("一般公共预算 · 人员经费", "general public budget · personnel")
        assert column_label("total") == ("合计", "all sources")
        assert column_label("basic.301")[0] == "基本支出 · 301 工资福利支出"
        assert column_label("somebody.else") == ("somebody.else", "somebody.else")

    def test_no_word_stands_in_two_vocabularies_of_a_column(self) -> None:
        names = ("funding", "expenditure_type", "budget_period", "stage", "measure")
        words = [code for name in names for code in VOCABULARIES[name].codes if code != "total"]
        assert len(words) == len(set(words))

    def test_ancestors_reach_the_total(self) -> None:
        assert ("general_public_budget", "total", 2) in ancestors(FUNDING)
        assert ("basic_personnel", "basic", 1) in ancestors(EXPENDITURE_TYPE)
        for vocabulary in (FUNDING, EXPENDITURE_TYPE):
            reached = {child for child, parent, _ in ancestors(vocabulary) if parent == "total"}
            assert reached == set(vocabulary.codes) - {"total"}
