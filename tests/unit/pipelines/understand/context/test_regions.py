"""Regions in names of bodies."""

from pathlib import Path

import pytest

from pipelines.understand.context.regions import mentions, recognise, strip_system_prefix, within

SHARED = Path(__file__).resolve().parents[6] / "shared" / "reference" / "region_names.tsv"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("南昌市西湖区教育局", "360103"),
        ("杭州市西湖区教育局", "330106"),
        ("西湖区教育局", None),  # two of them
        ("吉林市财政局", "220200"),
        ("吉林省财政厅", "220000"),
        ("济南市中心医院", "370100"),  # not of 市中区
        ("济南市市中区财政局", "370103"),
        ("凉山州民政局", "513400"),
        ("大理州文化和旅游局", "532900"),
        ("锡盟财政局", "152500"),
        ("克州中级人民法院", "653000"),
        ("巴州和静县水利局", "652827"),
        ("巴中市巴州区财政局", "511902"),
        ("国家统计局隆昌调查队", "511083"),
        ("国家金融监督管理总局安丘监管支局", "370784"),
        ("瑞丽海关", "533102"),
        ("黄石市大冶湖管理局", "420200"),  # a lake
        ("辽宁省本溪某某经济开发区管委会", "210500"),  # the city around 本溪满族自治县
        ("自然资源部重庆测绘院", "500000"),
        ("中国科学院昆明植物研究所", "530100"),
        ("审计署驻南京特派员办事处", "320100"),
        ("中国民用航空宁夏安全监督管理局", "640000"),
        ("生态环境部", None),
        ("兵团第九师医院", "650000"),
        ("平潭综合实验区行政审批局", "350128"),
        ("满洲里市扎赉诺尔区人民检察院", "150703"),  # a district of 呼伦贝尔 that 满洲里 governs
        ("隆昌水务集团", None),  # a short name of a county before what may be anyone's
        ("巴州镇人民政府", None),  # a town, of one county or another
        ("大理市文化和旅游局", "532901"),
        ("南涧县财政局", "532926"),
        ("青海省海南藏族自治州教育局", "632500"),
        ("国家税务总局汨罗市税务局", "430681"),
        ("中国共产党九江市浔阳区委员会组织部", "360403"),
        ("九三学社西安市委员会", "610100"),
        ("深圳市生态环境局南山管理局", "440305"),
        ("上海市公安局普陀分局", "310107"),
        ("邢台县财政局", "130521"),  # abolished, and no current region of that name
        ("沙县教育局", "350427"),
        ("莱芜市财政局", "371200"),
        ("新津区民政局", "510118"),  # current beside the abolished county
        ("内蒙古农业大学", "150000"),
        ("苏州工业园区教育局", "320576"),
        ("东莞市虎门镇人民政府", "441900"),
        ("中山大学附属医院", None),  # a person
        ("城区教育局", None),
        ("中华人民共和国财政部", None),
        ("国家税务总局", None),
        ("西南大学", None),
        ("", None),
    ],
)
def test_region_of_a_name(name: str, code: str | None) -> None:
    match = recognise(name)
    assert (match.code if match else None) == code


def test_home_decides_between_namesakes() -> None:
    in_changchun, in_beijing = recognise("朝阳区教育局", "220100"), recognise("朝阳区教育局", "110000")
    assert in_changchun is not None
    assert in_beijing is not None
    assert (in_changchun.code, in_beijing.code) == ("220104", "110105")


def test_home_gives_short_names_below_it() -> None:
    match = recognise("南山教育局", "440300")
    assert match is not None
    assert match.code == "440305"


def test_match_says_where_the_region_stands() -> None:
    match = recognise("国家税务总局 汨罗市税务局")
    assert match is not None
    assert "国家税务总局汨罗市税务局"[match.start:match.end] == "汨罗市"
    assert match.leading


def test_system_prefixes_are_stripped_but_never_the_whole_name() -> None:
    assert strip_system_prefix("中共汨罗市委") == "汨罗市委"
    assert strip_system_prefix("国家税务总局") == "国家税务总局"


def test_mentions_count_full_names_only() -> None:
    found = mentions("学校位于重庆市北碚区，与重庆市共建，立足重庆。")
    assert found == {"500109": 1, "500000": 1}


def test_a_county_is_within_its_city_and_province() -> None:
    assert within("430681", "430600")
    assert within("430681", "430000")
    assert within("430681", "430681")
    assert not within("430600", "430681")


@pytest.mark.skipif(not SHARED.is_file(), reason="the shared list of names is not beside this checkout")
def test_all_names_of_the_shared_list() -> None:
    rows = [line.split("\t") for line in SHARED.read_text(encoding="utf-8").splitlines() if line.strip()]
    found = {name: (match.code if (match := recognise(name)) else "") for _, name in rows}
    assert found == {name: code for code, name in rows}
