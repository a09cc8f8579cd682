"""Whatever way an amount is printed, it parses to the exact decimal or is refused."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pipelines.understand.amounts import parse_amount

NUMBERS = st.decimals(min_value=-10**12, max_value=10**12, places=4, allow_nan=False, allow_infinity=False)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@st.composite
def printed(draw: st.DrawFn) -> tuple[str, Decimal]:
    places = draw(st.integers(0, 6))
    digits = draw(st.integers(0, 10**14))
    value = Decimal(digits).scaleb(-places)
    text = f"{value:,.{places}f}" if draw(st.booleans()) else f"{value:.{places}f}"
    if draw(st.booleans()):
        text, value = draw(st.sampled_from([f"-{text}", f"－{text}", f"({text})", f"（{text}）"])), -value
    if draw(st.booleans()):
        text = text.replace(",", "，")
    if draw(st.booleans()):
        text = text.translate(FULL_WIDTH)
    if draw(st.booleans()):
        cut = draw(st.integers(0, len(text)))
        text = text[:cut] + draw(st.sampled_from([" ", "\n", "　"])) + text[cut:]  # wrapped, spaced
    if draw(st.booleans()):
        text += draw(st.sampled_from(["万元", "元"])) if not text.rstrip().endswith((")", "）")) else ""
    return text, value


@given(printed())
def test_any_style_parses_to_the_exact_number(case: tuple[str, Decimal]) -> None:
    text, value = case
    amount = parse_amount(text)
    assert amount is not None
    assert amount.value == value


@given(st.text(alphabet="0123456789.,，-()（） %万元年", max_size=14))
def test_a_lexeme_is_taken_whole_or_refused(text: str) -> None:
    amount = parse_amount(text)
    if amount is not None:
        kept = "".join(ch for ch in text if ch.isdigit())
        shown = "".join(ch for ch in f"{abs(amount.value):f}" if ch.isdigit())
        assert shown.lstrip("0").rstrip("0") == kept.lstrip("0").rstrip("0")
