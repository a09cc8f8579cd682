"""Every frame passes its relation's model before it is stored; rows that do not are handed back as rejects, with the rule.

Here: fitting a frame to its relation's columns, and splitting it into good and refused rows in one pass. Not here: what becomes of either.
"""

from __future__ import annotations

from typing import NamedTuple

import pandera.errors
import polars as pl

from schemas.registry import RELATIONS, Relation, empty_frame, polars_schema

_WIDE = pl.Decimal(38, 12)
_ROW = "_row"
_POSITION = ("document_id", "table_id", "page", "row_no", "column_no")


class SchemaMismatch(TypeError):
    """A frame does not fit its relation at all (unknown or missing columns, wrong types): our code is wrong, permanently."""


class Validated(NamedTuple):
    """`good` rows in the relation's own columns and types, and `refused` rows as the relation `rejects`."""

    good: pl.DataFrame
    refused: pl.DataFrame


class Examined(NamedTuple):
    """All rows `fitted` to the relation's columns, which are `kept` (Boolean, row by row), and the rejects of those that are not."""

    fitted: pl.DataFrame
    kept: pl.Series
    refused: pl.DataFrame


def conform(relation: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame in its relation's columns, order and types: nullable columns that are absent come as nulls.

    Amounts finer than the declared scale become null here and are refused by `validate`. Raises `SchemaMismatch`, saying which columns,
    when the frame has unknown columns, lacks required ones, or holds types that do not cast.
    """
    return _conform(RELATIONS[relation], frame)[0]


def validate(relation: str, frame: pl.DataFrame) -> Validated:
    """Split a collected frame into good rows and refused ones; a row is refused once, for its first broken rule.

    Rules are the model's checks, `not_nullable`, `decimal` (text that is no number, or finer than the declared scale) and
    `unique(<key>)`, of which the first row of a key stays. Raises `SchemaMismatch` as `conform` does.
    """
    examined = examine(relation, frame)
    return Validated(examined.fitted.filter(examined.kept), examined.refused)


def examine(relation: str, frame: pl.DataFrame) -> Examined:
    """As `validate`, but with the rows still in their places: for callers that hold something beside the frame, row by row."""
    declared = RELATIONS[relation]
    fitted, lossy = _conform(declared, frame)
    failures = [lossy, _model_failures(declared, fitted), _key_failures(declared, fitted)]
    failed = pl.concat(failures).unique(_ROW, keep="first", maintain_order=True).sort(_ROW)
    kept = ~pl.int_range(fitted.height, eager=True, dtype=pl.UInt32).is_in(failed[_ROW].implode())
    refused = empty_frame("rejects") if failed.is_empty() else _refused(relation, fitted, failed)
    return Examined(fitted, kept, refused)


def _failures(rows: pl.Series, rule: str, values: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(
        {_ROW: rows.cast(pl.UInt32), "rule": pl.Series([rule] * len(rows), dtype=pl.String), "value": values.cast(pl.String)}
    )


def _no_failures() -> pl.DataFrame:
    return pl.DataFrame(schema={_ROW: pl.UInt32, "rule": pl.String, "value": pl.String})


def _conform(declared: Relation, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    schema = declared.polars_schema
    unknown = [name for name in frame.columns if name not in schema]
    required = {column.name for column in declared.columns if not column.nullable}
    missing = [name for name in schema if name not in frame.columns and name in required]
    if unknown or missing:
        raise SchemaMismatch(f"{declared.name}: unknown columns {unknown}, missing columns {missing}; declared in schemas/relations")
    lossy = [_no_failures()]
    columns: list[pl.Series] = []
    for name, dtype in schema.items():
        if name not in frame.columns:
            columns.append(pl.Series(name, [None], dtype=dtype).new_from_index(0, frame.height))
            continue
        given = frame[name]
        if isinstance(dtype, pl.Decimal) and given.dtype != dtype:
            given, failures = _exact(declared.name, given, dtype)
            lossy.append(failures)
        try:
            columns.append(given if given.dtype == dtype else given.cast(dtype))
        except (pl.exceptions.InvalidOperationError, pl.exceptions.SchemaError) as error:
            raise SchemaMismatch(f"{declared.name}.{name}: {given.dtype} does not become {dtype}: {error}") from error
    return pl.DataFrame(columns), pl.concat(lossy)


def _exact(relation: str, given: pl.Series, dtype: pl.Decimal) -> tuple[pl.Series, pl.DataFrame]:
    """Decimals of the declared scale, and the rows that cannot be: finer ones are refused, never rounded."""
    if given.dtype.is_float():
        raise SchemaMismatch(f"{relation}.{given.name}: a float is not an amount of money; give Decimal or text")
    wide = given.cast(_WIDE, strict=False)
    scaled = wide.cast(dtype, strict=False)
    bad = given.is_not_null() & (scaled.is_null() | (scaled.cast(_WIDE, strict=False) != wide).fill_null(True))
    if given.dtype == pl.String:  # twelve places are kept of text; more would be cut before the comparison
        bad = bad | given.str.contains(r"\.\d{12}\d*[1-9]").fill_null(False)
    return scaled.zip_with(~bad, pl.Series([None], dtype=dtype).new_from_index(0, len(scaled))).alias(given.name), _failures(
        bad.arg_true(), f"decimal({given.name})", given.filter(bad)
    )


def _model_failures(declared: Relation, frame: pl.DataFrame) -> pl.DataFrame:
    try:
        declared.pandera_schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return _no_failures()
    if not cases["index"].is_not_null().all():
        whole = cases.filter(pl.col("index").is_null())
        raise SchemaMismatch(f"{declared.name}: {whole.select('column', 'check', 'failure_case').rows()}")
    rule = pl.when(pl.col("check") == "not_nullable").then(pl.lit("not_nullable")).otherwise(pl.col("check").str.extract(r"^(\w+)"))
    return cases.select(
        pl.col("index").cast(pl.UInt32).alias(_ROW),
        pl.format("{}({})", rule, pl.col("column")).alias("rule"),
        pl.col("failure_case").cast(pl.String).alias("value"),
    )


def _key_failures(declared: Relation, frame: pl.DataFrame) -> pl.DataFrame:
    key = list(declared.about.key)
    if not key or frame.height < 2:
        return _no_failures()
    repeated = ~frame.select(pl.struct(key).is_first_distinct()).to_series()
    values = frame.filter(repeated).select(pl.concat_str([pl.col(name).cast(pl.String) for name in key], separator=",", ignore_nulls=True))
    return _failures(repeated.arg_true(), f"unique({','.join(key)})", values.to_series())


def _refused(relation: str, frame: pl.DataFrame, failed: pl.DataFrame) -> pl.DataFrame:
    rows = frame[failed[_ROW].to_list()]
    schema = polars_schema("rejects")
    given = {name: rows[name].cast(schema[name]) for name in _POSITION if name in rows.columns}
    given["raw_text"] = rows["raw_text"] if "raw_text" in rows.columns else failed["value"]
    given["rule"] = failed["rule"]
    return (
        pl.DataFrame(given)
        .with_columns(pl.lit(relation).alias("relation"))
        .select(
            [pl.col(name) if name in given or name == "relation" else pl.lit(None, dtype).alias(name) for name, dtype in schema.items()]
        )
    )
