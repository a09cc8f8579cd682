"""Names of bodies: how a name is spaced, bracketed or numbered never changes whose it is."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.understand.context.names import clean_name, entity_id, normalise_entity_name
from pipelines.understand.context.regions import recognise

REGIONS = ["汨罗市", "九江市浔阳区", "湖南省岳阳市汨罗市", "克孜勒苏柯尔克孜自治州阿克陶县", "上海市普陀区", "广西壮族自治区"]
BODIES = ["科学技术局", "发展和改革委员会", "人民法院", "第一中学", "中心卫生院", "融媒体中心", "退役军人事务局"]
names = st.builds(str.__add__, st.sampled_from(REGIONS), st.sampled_from(BODIES))
spaces = st.sampled_from(["", " ", "\u3000", "\n", "\u00a0"])


@st.composite
def printed(draw: st.DrawFn) -> tuple[str, str]:
    """(name, a way of printing it): code before it, white space inside, a scope word after it, half-width brackets."""
    name = draw(names)
    body = "".join(char + draw(spaces) for char in name)
    code = draw(st.sampled_from(["", "183 ", "304001", "[301012]", "117001_"]))
    scope = draw(st.sampled_from(["", "（本级）", "(本级)", "（汇总）", "(盖章)"]))
    return name, f"{code}{body}{scope}"


@given(printed())
def test_any_printing_of_a_name_is_the_name(pair: tuple[str, str]) -> None:
    name, text = pair
    assert normalise_entity_name(text) == name
    assert entity_id("430681", text) == entity_id("430681", name)


@given(st.text(max_size=60))
def test_any_text_cleans_to_a_name_or_nothing(text: str) -> None:
    cleaned = clean_name(text)
    if cleaned is not None:
        again = clean_name(cleaned.name)
        assert cleaned.name
        assert again is None or len(again.name) <= len(cleaned.name)


@given(st.text(alphabet="市省县区州南山海朝阳长沙汨罗人民局中心医院", max_size=20))
def test_a_match_lies_inside_the_name(text: str) -> None:
    match = recognise(text)
    if match is not None:
        assert 0 <= match.start < match.end <= len(text)
