"""Every closed list of words the warehouse uses, with Chinese and English labels (CONTRACT section 4).

Here: words and their labels. Not here: the phrases documents print for them (CSV in `schemas/reference`), nor which column uses which
list (the relations). `table_kind` and its labels come from `table_kinds.csv`, because its order of preference is reviewed as data.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas import reference


@dataclass(frozen=True)
class Word:
    """One word of a vocabulary. `parent` is the word it is a part of (基本支出 is a part of 合计), where that is defined."""

    code: str
    zh: str
    en: str
    parent: str | None = None


@dataclass(frozen=True)
class Vocabulary:
    """A closed list of words under one name."""

    name: str
    zh: str
    en: str
    words: tuple[Word, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The words' codes, in their printed order."""
        return tuple(word.code for word in self.words)

    def word(self, code: str) -> Word:
        """The word of that code. Raises `KeyError` naming the vocabulary when there is none."""
        for word in self.words:
            if word.code == code:
                return word
        raise KeyError(f"{code!r} is no word of the vocabulary {self.name}")


def _words(text: str) -> tuple[Word, ...]:
    """Words from lines of `code | 中文 | English | parent`, the parent optional."""
    lines = [[field.strip() for field in line.split("|")] for line in text.strip().splitlines()]
    return tuple(Word(fields[0], fields[1], fields[2], fields[3] if len(fields) > 3 else None) for fields in lines)


INPUT_STATUS = Vocabulary("input_status", "输入状态", "status of an input", _words("""
    loaded         | 已入库           | loaded
    not_understood | 已读取但未能理解 | read, but no fact or indicator understood
    no_tables      | 无表格           | no tables
    quarantined    | 已隔离           | quarantined, see the reason
    duplicate      | 内容重复         | same content as an earlier input
"""))

DOCUMENT_STATUS = Vocabulary("document_status", "文档状态", "status of a document", tuple(
    word for word in INPUT_STATUS.words if word.code != "duplicate"
))

REASON = Vocabulary("reason", "隔离原因", "reason of a quarantine", _words("""
    encrypted         | 已加密               | encrypted
    corrupt           | 文件损坏             | corrupt
    empty             | 空文件               | empty file
    not_a_document    | 不是文档             | not a document
    unsupported       | 不支持的格式         | unsupported format
    scanned           | 扫描件               | scanned images without a text layer
    unreadable_font   | 字体无法解码         | fonts that do not say which characters they draw
    needs_libreoffice | 需要 LibreOffice     | needs LibreOffice, which is not installed
    too_large         | 过大                 | too large
    timeout           | 超时                 | took longer than its deadline
    memory            | 超出内存             | needed more memory than allowed
    crashed           | 处理进程中断         | the process that read it ended
    archive           | 压缩包超限或损坏     | archive beyond its limits, or broken
    unreadable        | 无法打开             | could not be opened or read from the disk
    internal          | 程序错误             | an error of this program
"""))

DOCUMENT_KIND = Vocabulary("document_kind", "文档种类", "kind of document", _words("""
    department_budget         | 部门预算     | budget of a department
    unit_budget               | 单位预算     | budget of a unit
    department_final_accounts | 部门决算     | final accounts of a department
    unit_final_accounts       | 单位决算     | final accounts of a unit
    government_budget         | 政府预算     | budget of a whole government
    government_final_accounts | 政府决算     | final accounts of a whole government
    performance_evaluation    | 绩效评价     | performance evaluation
    other                     | 其他         | other
"""))

TABLE_KIND = Vocabulary("table_kind", "表格种类", "kind of table", tuple(
    Word(row["table_kind"], row["name_zh"], row["name_en"]) for row in reference.table_kinds()
))

TABLE_STATUS = Vocabulary("table_status", "表格状态", "status of a table", _words("""
    understood     | 已理解     | understood
    partial        | 部分理解   | understood in part
    not_understood | 未能理解   | not understood, kept as cells
    not_required   | 不要求理解 | kept as cells, facts not required
"""))

EMPTINESS = Vocabulary("emptiness", "空表类型", "kind of emptiness", _words("""
    filled         | 有数据     | filled
    declared_empty | 声明为空表 | declared empty in words
    all_zero       | 全部为零   | printed zeros only
    blank          | 空白       | blank
"""))

SIDE = Vocabulary("side", "收支方向", "side", _words("""
    income      | 收入 | income
    expenditure | 支出 | expenditure
"""))

SUBJECT_SCHEME = Vocabulary("subject_scheme", "科目体系", "subject classification", _words("""
    function            | 支出功能分类         | function of expenditure
    economic_department | 部门预算支出经济分类 | economic classification of departments
    economic_government | 政府预算支出经济分类 | economic classification of governments
    income              | 收入分类             | classification of government revenue
    none                | 无科目               | no classification
"""))

ROW_ROLE = Vocabulary("row_role", "行的角色", "role of a row", _words("""
    detail   | 明细 | detail
    subtotal | 小计 | subtotal
    total    | 合计 | total
    of_which | 其中 | of which
"""))

FUNDING = Vocabulary("funding", "资金来源", "source of funding", _words("""
    total                     | 合计                           | all sources
    fiscal_appropriation      | 财政拨款                       | fiscal appropriation              | total
    general_public_budget     | 一般公共预算                   | general public budget             | fiscal_appropriation
    government_fund_budget    | 政府性基金预算                 | government fund budget            | fiscal_appropriation
    state_capital_budget      | 国有资本经营预算               | state capital operating budget    | fiscal_appropriation
    special_account           | 财政专户管理资金               | fiscal special account            | total
    unit_funds                | 单位资金                       | funds of the unit                 | total
    business_income           | 事业收入                       | income of public services         | unit_funds
    business_operating_income | 事业单位经营收入               | operating income of public bodies | unit_funds
    superior_subsidy          | 上级补助收入                   | subsidy from the superior         | unit_funds
    affiliate_remittance      | 附属单位上缴收入               | remittance from affiliates        | unit_funds
    other_income              | 其他收入                       | other income                      | unit_funds
    unit_other_funds          | 单位其他资金                   | other funds of the unit           | unit_funds
    superior_special          | 上级专项                       | special funds from above          | total
    fund_balance_used         | 使用非财政拨款结余（事业基金） | balance of earlier years used     | total
    carryover                 | 上年结转结余                   | carried over from last year       | total
"""))

EXPENDITURE_TYPE = Vocabulary("expenditure_type", "支出类型", "type of expenditure", _words("""
    total               | 合计               | all types
    basic               | 基本支出           | basic expenditure          | total
    basic_personnel     | 人员经费           | personnel                  | basic
    basic_operating     | 公用经费           | office operation           | basic
    project             | 项目支出           | projects                   | total
    project_duty        | 履职类项目         | projects of duty           | project
    project_special     | 专项资金           | special funds              | project
    project_investment  | 政府投资项目       | government investment      | project
    business_operating  | 事业单位经营支出   | operating expenditure      | total
    superior_remittance | 上缴上级支出       | remittance to the superior | total
    affiliate_subsidy   | 对附属单位补助支出 | subsidy to affiliates      | total
    carried_forward     | 结转下年           | carried forward            | total
"""))

BUDGET_PERIOD = Vocabulary("budget_period", "资金年度", "year the money is of", _words("""
    total        | 合计     | all years
    current_year | 本年安排 | this year     | total
    carried_over | 上年结转 | earlier years | total
"""))

STAGE = Vocabulary("stage", "预决算阶段", "stage", _words("""
    budget          | 年初预算       | budget
    adjusted_budget | 全年预算       | adjusted budget
    final_accounts  | 决算（执行数） | final accounts
    change          | 增减额         | change on the year before
"""))

MEASURE = Vocabulary("measure", "计量", "measure", _words("""
    amount                  | 金额         | amount
    procurement             | 政府采购     | government procurement
    procurement_sme         | 面向中小企业 | procurement from small and medium firms | procurement
    procurement_small_micro | 面向小微企业 | procurement from small and micro firms  | procurement_sme
"""))

TRUST = Vocabulary("trust", "可信度", "trust", _words("""
    verified  | 已验证   | proved by identities
    plausible | 未被检验 | no identity applies
    disputed  | 有矛盾   | part of a failed identity
    repaired  | 已修复   | a second reading replaced the first
"""))

OUTCOME = Vocabulary("outcome", "检查结果", "outcome of a check", _words("""
    pass              | 通过               | holds exactly
    pass_by_rounding  | 在舍入误差内通过   | holds within rounding
    fail              | 不通过             | does not hold
    not_applicable    | 不适用             | does not apply
    insufficient_data | 数据不足           | a term is missing
    extraction_error  | 读取有误           | our reading was wrong
"""))

FINDING_RULE = Vocabulary("finding_rule", "问题规则", "rule of a finding", _words("""
    hierarchy_sum              | 上下级科目之和     | a subject and its parts
    row_sum                    | 行内各栏之和       | a row's total and its columns
    total_sum                  | 合计行             | a total row and its rows
    income_equals_expenditure  | 收支平衡           | income equals expenditure
    cross_table                | 表间一致           | the same figure in two tables
    narrative_amount           | 文字与表格的金额   | an amount in the text and in a table
    narrative_arithmetic       | 文字内部推算       | figures of a sentence that do not follow from one another
    code_name_mismatch         | 科目编码与名称不符 | a subject's code and name disagree
    year_mismatch              | 年度不符           | a year left from another document
    cross_document             | 文档间一致         | the same figure in two documents
    score_sum                  | 绩效分值之和       | points that do not add up
    wording                    | 文字未写完         | unfinished or faulty wording
"""))

SEVERITY = Vocabulary("severity", "严重程度", "severity", _words("""
    error   | 错误 | error
    warning | 警告 | warning
    note    | 提示 | note
"""))

VERDICT = Vocabulary("verdict", "责任判断", "verdict", _words("""
    publisher  | 公布内容有误 | the publication is wrong
    extraction | 读取有误     | our reading is wrong
    undecided  | 无法判断     | undecided
"""))

CLAIM_OUTCOME = Vocabulary("claim_outcome", "文字金额核对结果", "outcome of a claim", _words("""
    agrees          | 与表格一致   | agrees with a table
    agrees_rounded  | 舍入后一致   | agrees within rounding
    disagrees       | 与表格不一致 | disagrees with the table
    not_found       | 表格中未找到 | no table states it
    not_compared    | 未比较       | not compared
"""))

TARGET_OPERATOR = Vocabulary("target_operator", "目标值比较符", "comparison of a target", _words("""
    >= | 不少于 | at least
    <= | 不超过 | at most
    =  | 等于   | equal to
    >  | 大于   | more than
    <  | 小于   | less than
"""))

STATISTIC_SOURCE = Vocabulary("statistic_source", "统计量出处", "where a statistic stands", _words("""
    table | 表格 | table
    text  | 文字 | text
"""))

REGION_LEVEL = Vocabulary("region_level", "行政区划级别", "level of a region", _words("""
    province   | 省级 | province
    prefecture | 地级 | prefecture
    county     | 县级 | county
"""))

SUBJECT_CONFIDENCE = Vocabulary("subject_confidence", "科目来源可靠度", "how sure a subject is", _words("""
    A | 两份以上文件 | two or more documents
    B | 一份文件     | one document
    C | 仅凭记忆     | from memory, none seen
"""))

VIEW = Vocabulary("summable_view", "可加总视图", "view that may be summed", _words("""
    v_expenditure  | 支出视图     | expenditure
    v_income       | 收入视图     | income
    v_three_public | “三公”视图   | travel abroad, vehicles and reception
    v_projects     | 项目支出视图 | projects
"""))

VOCABULARIES: dict[str, Vocabulary] = {
    vocabulary.name: vocabulary
    for vocabulary in (
        INPUT_STATUS, DOCUMENT_STATUS, REASON, DOCUMENT_KIND, TABLE_KIND, TABLE_STATUS, EMPTINESS, SIDE, SUBJECT_SCHEME, ROW_ROLE, FUNDING,
        EXPENDITURE_TYPE, BUDGET_PERIOD, STAGE, MEASURE, TRUST, OUTCOME, FINDING_RULE, SEVERITY, VERDICT, CLAIM_OUTCOME, TARGET_OPERATOR,
        STATISTIC_SOURCE, REGION_LEVEL, SUBJECT_CONFIDENCE, VIEW,
    )
}
