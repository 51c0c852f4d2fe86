"""What the columns of known tables of contacts mean: Google's old and new ones, Outlook's, our own export's.

Data only: it must not know how a table is read.
"""

from __future__ import annotations

from collections.abc import Mapping

from vaultcrm.model.tuples import NamedTuple
from vaultcrm.parse.vocabulary import fold


class Column(NamedTuple):
    """What a column means: a field of a contact, what the value is for, whether it may be several."""

    field: str
    use: str = ""
    listed: bool = False


def _columns(**heads: tuple[str, ...]) -> dict[str, Column]:
    return {fold(head): Column(name) for name, names in heads.items() for head in names}


_PLAIN = _columns(
    name=(
        "Name",
        "Full Name",
        "Display Name",
        "Contact",
        "Contact Name",
        "Contact Person",
        "姓名",
        "名称",
        "联系人",
        "联系人姓名",
        "显示名称",
    ),
    shown=("File As", "E-mail Display Name", "电子邮件显示名称"),
    prefix=("Name Prefix", "称谓"),
    given=("First Name", "Given Name", "名", "名字"),
    middle=("Middle Name", "Additional Name", "中间名"),
    family=("Last Name", "Family Name", "Surname", "姓", "姓氏"),
    suffix=("Name Suffix", "Suffix", "后缀"),
    organization=(
        "Company",
        "Organization",
        "Organization Name",
        "Company Name",
        "Organisation",
        "Organisation Name",
        "Client",
        "Client Name",
        "Customer",
        "Customer Name",
        "Account Name",
        "客户",
        "企业名称",
        "公司",
        "公司名称",
        "客户名称",
        "单位",
        "单位名称",
        "组织",
    ),
    department=("Department", "Organization Department", "部门"),
    position=("Job Title", "Organization Title", "Position", "Role", "职务", "职位", "头衔"),
    birthday=("Birthday", "Date of Birth", "生日", "出生日期"),
    anniversary=("Anniversary", "纪念日"),
    wechat=("WeChat", "微信", "微信号"),
    interests=("Hobby", "Hobbies", "Interests", "爱好", "兴趣爱好"),
    website=("Web Page", "Website", "Personal Web Page", "Business Web Page", "网页", "网址", "个人网页"),
    remarks=("Notes", "Note", "Comments", "附注", "备注", "便笺"),
    fax=("Business Fax", "Home Fax", "Other Fax", "Fax", "商务传真", "住宅传真", "其他传真", "传真"),
    address=("Address", "地址"),
    remark=(
        "Spouse",
        "Children",
        "Assistant's Name",
        "Assistant's Phone",
        "Manager's Name",
        "Profession",
        "Occupation",
        "Account",
        "Government ID Number",
        "User 1",
        "User 2",
        "User 3",
        "User 4",
        "配偶",
        "子女",
        "助理姓名",
        "经理姓名",
    ),
    # what our own export says that a person wrote; what it computed is computed anew
    status=("status", "状态"),
    owner=("owner", "责任人", "负责人"),
    last_contact=("last_contact", "上次联系"),
)

_USED = {
    fold(head): Column(name, use)
    for name, uses in (
        (
            "phone",
            {
                "mobile": (
                    "Mobile Phone",
                    "Mobile",
                    "Mobile Number",
                    "Cell",
                    "Cell Phone",
                    "移动电话",
                    "手机",
                    "手机号",
                    "手机号码",
                ),
                "work": ("Business Phone", "Business Phone 2", "商务电话", "商务电话 2", "办公电话"),
                "company": ("Company Main Phone", "单位主要电话"),
                "home": ("Home Phone", "Home Phone 2", "住宅电话", "住宅电话 2"),
                "": (
                    *(
                        "Phone",
                        "Phone Number",
                        "Telephone",
                        "Primary Phone",
                        "Other Phone",
                        "Car Phone",
                        "Callback",
                    ),
                    *("电话", "其他电话", "联系电话"),
                ),
            },
        ),
        (
            "email",
            {
                "": (
                    *(
                        "E-mail",
                        "Email",
                        "Mail",
                        "E-mail Address",
                        "Email Address",
                        "E-mail 2 Address",
                        "E-mail 3 Address",
                    ),
                    *("邮箱", "电子邮箱", "电子邮件", "电子邮件地址", "电子邮件 2 地址", "电子邮件 3 地址"),
                )
            },
        ),
    )
    for use, heads in uses.items()
    for head in heads
}

_ADDRESS_PARTS = (
    "Street",
    "Street 2",
    "Street 3",
    "Address PO Box",
    "City",
    "Postal Code",
    "State",
    "Country/Region",
)
_ADDRESSES = {
    fold(f"{place} {part}"): Column(f"address:{place}")
    for place in ("Business", "Home", "Other")
    for part in (*_ADDRESS_PARTS, "Country")
} | {
    fold(f"{place}{blank}{part}"): Column(f"address:{place}")
    for place in ("商务地址", "住宅地址", "其他地址", "商务", "住宅", "其他")
    for blank in ("", " ")
    for part in ("国家/地区", "省/市/自治区", "市/县", "街道", "街道 2", "街道 3", "邮政编码")
}

COLUMNS: Mapping[str, Column] = {
    **_PLAIN,
    **_USED,
    **_ADDRESSES,
    **{fold(head): Column("aliases", listed=True) for head in ("Nickname", "昵称", "别名", "aliases")},
    **{
        fold(head): Column("categories", listed=True)
        for head in ("Categories", "Labels", "Group Membership", "类别")
    },
}
"""Columns by their folded names."""

GOOGLE_LISTS: Mapping[tuple[str, str], Column] = (
    {
        (fold(what), fold(part)): Column(name)
        for what, part, name in (
            ("E-mail", "Value", "email"),
            ("Phone", "Value", "phone"),
            ("Website", "Value", "website"),
            ("Address", "Formatted", "address"),
            ("Organization", "Name", "organization"),
            ("Organization", "Title", "position"),
            ("Organization", "Department", "department"),
            ("Event", "Value", "event"),
            ("Relation", "Value", "remark"),
            ("Custom Field", "Value", "remark"),
            ("IM", "Value", "remark"),
        )
    }
    | {
        (fold("Address"), fold(part)): Column("address:Google")
        for part in ("Street", "Extended Address", "PO Box", "City", "Region", "Postal Code", "Country")
    }
    | {
        (fold(what), fold(part)): Column(f"{fold(what)}-use")
        for what in ("E-mail", "Phone", "Website", "Event", "Relation", "Custom Field", "IM")
        for part in ("Type", "Label")
    }
)
"""Columns that Google counts: what they are called before and behind the number."""

SKIPPED = frozenset(
    fold(head)
    for head in (
        *("Yomi Name", "Given Name Yomi", "Additional Name Yomi", "Family Name Yomi", "Phonetic First Name"),
        *(
            "Phonetic Middle Name",
            "Phonetic Last Name",
            "Initials",
            "Short Name",
            "E-mail Type",
            "E-mail 2 Type",
        ),
        *(
            "E-mail 3 Type",
            "E-mail 2 Display Name",
            "E-mail 3 Display Name",
            "Priority",
            "Private",
            "Sensitivity",
        ),
        *("Gender", "Language", "Organization 1 - Type", "Address 1 - Type", "Address 1 - Label"),
        # computed by us
        *("path", "stage", "tier", "computed_stage", "computed_tier", "score", "projects", "in_project"),
        *(
            "amount_12m",
            "amount_total",
            "estimated",
            "next_contact",
            "planned",
            "interval_days",
            "overdue_days",
        ),
        *("priority", "health", "band", "warnings", "touchpoints"),
    )
)
"""Columns that say nothing of their own, or what is computed anew."""
