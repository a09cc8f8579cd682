"""Cleaning of names, keys of spellings, stable ids."""

import pytest

from pipelines.understand.context.names import BodyName, body_sort, clean_name, entity_id, looks_like_body, name_key, normalise_entity_name


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("183 九江市浔阳区政务服务管理局单位：万元", BodyName("九江市浔阳区政务服务管理局", "183")),
        ("273_烟台市水利局", BodyName("烟台市水利局", "273")),
        ("[301012]滁州市琅琊区图书馆", BodyName("滁州市琅琊区图书馆", "301012")),
        ("304001-中卫市科学技术局", BodyName("中卫市科学技术局", "304001")),
        ("中卫市科学技术 局机关", BodyName("中卫市科学技术局", None, "own")),
        ("深圳市统计局（本级）", BodyName("深圳市统计局", None, "own")),
        ("西安市审计局(汇总)", BodyName("西安市审计局", None, "consolidated")),
        ("部门名称：武汉市民政局 编制日期：2026年1月", BodyName("武汉市民政局")),
        ("（盖章）汨罗市民政局", BodyName("汨罗市民政局")),
        ("（汨罗市中心卫生院）", BodyName("汨罗市中心卫生院")),
        ("中共云南省委党校（云南行政学院）", BodyName("中共云南省委党校（云南行政学院）")),
    ],
)
def test_clean_name(printed: str, expected: BodyName) -> None:
    cleaned = clean_name(printed)
    assert cleaned is not None
    assert (cleaned.name, cleaned.code) == (expected.name, expected.code)
    if expected.scope:
        assert cleaned.scope == expected.scope


@pytest.mark.parametrize("text", ["", "万元", "本单位", "1,234.56", "。", "小计", "A", "2026年", "部门"])
def test_what_is_no_name(text: str) -> None:
    assert clean_name(text) is None


@pytest.mark.parametrize("name", ["汨罗市民政局", "隆安县人民法院", "绵阳市公共交通集团有限责任公司", "阜阳市总工会"])
def test_normalising_twice_changes_nothing(name: str) -> None:
    assert normalise_entity_name(normalise_entity_name(f" 301001 {name} （本级）")) == name


@pytest.mark.parametrize(
    "spellings",
    [
        ("中卫市科学技术局", "中卫市科技局", "宁夏回族自治区中卫市科学技术局", "中卫市 科技局（本级）"),
        ("中国共产党九江市浔阳区委员会组织部", "中共九江市浔阳区委组织部", "九江市浔阳区委组织部"),
        ("政协渭南市委员会办公室", "渭南市政协办公室", "中国人民政治协商会议渭南市委员会办公室"),
        ("江苏省人大常委会办公厅", "江苏省人民代表大会常务委员会办公厅"),
        ("国家税务总局汨罗市税务局", "汨罗市税务局"),
        ("西安市卫生健康委员会", "西安市卫健委"),
        ("民革乐山市委", "民革乐山市委员会", "中国国民党革命委员会乐山市委员会"),
        ("农工党宜昌市委员会", "中国农工民主党宜昌市委员会"),
    ],
)
def test_spellings_of_one_body_share_a_key_and_an_id(spellings: tuple[str, ...]) -> None:
    assert len({name_key(name) for name in spellings}) == 1
    assert len({entity_id("640500", name) for name in spellings}) == 1


def test_ids_differ_by_region_and_by_body() -> None:
    ids = {entity_id("430681", "审计局"), entity_id("360403", "审计局"), entity_id(None, "审计局"), entity_id("430681", "审计局服务中心")}
    assert len(ids) == 4
    assert all(len(each) == 16 and int(each, 16) >= 0 for each in ids)


def test_sort_of_body() -> None:
    found = [body_sort(name) for name in ("汨罗市民政局", "汨罗市人民法院", "汨罗市第一中学", "汨罗市人民医院", "汨罗市某某")]
    assert found == ["organ", "court", "school", "hospital", None]


def test_common_words_are_no_bodies() -> None:
    assert not looks_like_body("办公室")
    assert not looks_like_body("一般公共服务支出")
    assert looks_like_body("长沙职业教育基地综合协调办公室")
    assert all(looks_like_body(f"安宁县{name}") for name in ("龙场镇中心校", "龙场教学点", "人武部", "贸促会", "金融办"))


@pytest.mark.parametrize("name", ["安宁市外事办", "安宁市乡村公路养护段", "安宁市河长办", "安宁市史志办", "安宁市国有苗圃"])
def test_short_names_of_offices_are_bodies(name: str) -> None:
    assert looks_like_body(name)
