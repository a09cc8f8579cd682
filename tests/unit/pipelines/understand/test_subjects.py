"""Codes in every printed form come out as full official codes, or not at all."""

import pytest

from pipelines.understand.subjects import Trail, resolve, split_joined, subject_book

BOOK = subject_book()


@pytest.mark.parametrize(
    ("printed", "code", "name"),
    [
        ("2010801-行政运行", "2010801", "行政运行"),
        ("[201]一般公共服务支出".replace("[", "［").replace("]", "］"), "201", "一般公共服务支出"),
        ("201 外交支出", "201", "外交支出"),
        ("01行政运行", "01", "行政运行"),
        ("2010405-日常经济运行调节", "2010405", "日常经济运行调节"),
        ("22902年初预留", "22902", "年初预留"),
        ("2026年度", None, "2026年度"),
        ("1%人口普查", None, "1%人口普查"),
        ("行政运行", None, "行政运行"),
    ],
)
def test_a_code_joined_to_its_name_is_split_off(printed: str, code: str | None, name: str) -> None:
    assert split_joined(printed) == (code, name)


@pytest.mark.parametrize(
    ("code", "name", "above", "expected"),
    [
        ("2010301", "行政运行", None, "2010301"),
        ("03", "政府办公厅（室）及相关机构事务", "201", "20103"),
        ("05", "行政事业单位养老支出", "208", "20805"),
        ("05", "行政事业单位养老支出", "2080801", "20805"),
        ("01", "行政运行", "20105", "2010501"),
        (None, "行政运行", "20105", "2010501"),
        (None, "一般公共服务支出", None, "201"),
        ("3021101", "差旅费", "302", "3021101"),
    ],
)
def test_relative_missing_and_local_codes_are_completed_from_the_place(
    code: str | None, name: str, above: str | None, expected: str
) -> None:
    found = resolve(BOOK, None, code, name, Trail(above), set())
    assert found is not None
    assert found.code == expected


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("30105", "生活补助", "30305"),  # the name means another subject: it decides, and the doubt is told
        ("30228", "电费", "30206"),
        ("20805", "机关事业单位基本养老保险缴费支出", "2080505"),  # the last part of the code was not printed
        ("71102", "事业单位医疗", "2101102"),  # 7-11-02 for 210-11-02
    ],
)
def test_a_wrong_code_gives_way_to_a_name_that_can_mean_one_subject(code: str, name: str, expected: str) -> None:
    found = resolve(BOOK, None, code, name, Trail("21011" if code == "71102" else None), set())
    assert found is not None
    assert (found.code, bool(found.doubt), found.confidence < 1) == (expected, True, True)


@pytest.mark.parametrize(
    ("code", "name"), [("304", "安宁县水务局"), ("304001", "安宁县水务局机关"), (None, "安宁县水务局"), (None, "其他")]
)
def test_units_and_unknown_names_are_no_subjects(code: str | None, name: str) -> None:
    assert resolve(BOOK, None, code, name, Trail(), set()) is None


def test_of_several_codes_of_one_name_the_one_printed_elsewhere_in_the_document_is_meant() -> None:
    assert resolve(BOOK, "function", None, "行政运行", Trail(), set()) is None
    found = resolve(BOOK, "function", None, "行政运行", Trail(), {"2130301"})
    assert found is not None
    assert found.code == "2130301"


@pytest.mark.parametrize(
    ("name", "above", "expected"),
    [
        ("卫生健康", None, "210"),
        ("卫生健康", "208", "210"),
        ("住房保障", "220", "221"),
        ("住房保障", "219", "21908"),
        ("住房保障", "21904", "21908"),
        ("教育", "204", "205"),
        ("国防", "202", "203"),
        ("金融", None, "217"),
    ],
)
def test_a_class_named_short_is_no_part_of_another_unless_it_stands_there(name: str, above: str | None, expected: str) -> None:
    found = resolve(BOOK, "function", None, name, Trail(above), set())
    assert found is not None
    assert found.code == expected


def test_what_every_list_ends_with_is_no_class() -> None:
    assert resolve(BOOK, "function", None, "其他", Trail("205"), set()) is None
