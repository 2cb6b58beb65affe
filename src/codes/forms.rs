//! Codes of texts that have a form of their own, by the pattern that stands in their schema.

use crate::platform::error::Code;

crate::codes! {
    IDENTITY_NUMBER_FORM "identity_number_form": "Not an identity number" / "证件号码格式有误":
        "An identity number or passport number has 6 to 20 digits and letters, that of an identity card 18. Write nothing else here; spaces and dashes do no harm."
        / "证件号码由6至20位数字、字母组成（居民身份证为18位），请勿填写其他文字；空格和短横可有可无。";
    PHONE_FORM "phone_form": "Not a telephone number" / "电话号码格式有误":
        "A telephone number has digits, and between them at most spaces, dashes, brackets and +, such as 13800000001 or 0573-82345678. One number a field, without words."
        / "电话号码只能由数字及空格、短横、括号、加号组成，例如 13800000001 或 0573-82345678；一栏填一个号码，不带文字。";
    LINE_PHONE_FORM "line_phone_form": "Not a number to dial" / "电话号码格式有误":
        "Digits, and between them spaces, dashes or brackets, such as 0573-82345678. An extension follows a dash: 0573-82345678-8001."
        / "电话号码由数字组成，中间可有空格、短横或括号，例如 0573-82345678；分机写作“转 8001”。";
    CATEGORY_FORM "category_form": "Not a category code" / "分类代码格式有误":
        "A code of a category is one or two words with a dot between, each of small letters, digits and _, beginning with a letter, such as community.canteen."
        / "分类代码为一段或以点分隔的两段，每段由小写字母开头，只含小写字母、数字和下划线，至多30位，例如 community.canteen。";
    UNIT_CODE_FORM "unit_code_form": "Not a unit code" / "单位代码格式有误":
        "A code of a unit has at most 40 small letters, digits and dashes and begins with a letter or digit, such as community-east."
        / "单位代码只含小写字母、数字和短横，以字母或数字开头，至多40位，例如 community-east。";
    YEAR_FORM "year_form": "Not a day to count from" / "日期超出范围":
        "A day of the years 1900 to 2199, such as 2026-02-13."
        / "请填写1900年至2199年之间的日期，例如 2026-02-13。";
    UNIT_KIND_FORM "unit_kind_form": "Not a kind of unit" / "单位类别有误":
        "One of: bureau, reception, cadre, pension, medical, housing, finance, community, discipline, enterprise, other."
        / "只能是：bureau、reception、cadre、pension、medical、housing、finance、community、discipline、enterprise、other 之一。";
    DIGEST_FORM "digest_form": "Not a digest" / "摘要格式有误":
        "A SHA-256 digest has 64 characters, digits and the small letters a to f."
        / "SHA-256 摘要为64位，只含数字和小写字母 a 至 f。";
    HOUR_FORM "hour_form": "Not an hour of the day" / "时间格式有误":
        "Hours and minutes of the day with two digits each, such as 09:00 or 14:30."
        / "请按24小时制填写两位的时和分，例如 09:00、14:30。";
}

/// The code of a text that does not fit a pattern of the document.
pub const FORMS: &[(&str, Code)] = &[
    ("^[ 　－–—-]*([0-9A-Za-z０-９Ａ-Ｚａ-ｚ][ 　－–—-]*){6,20}$", IDENTITY_NUMBER_FORM),
    ("^[0-9０-９+＋()（） 　－–—-]*[0-9０-９][0-9０-９+＋()（） 　－–—-]*$", PHONE_FORM),
    ("^[+(]?[0-9][0-9 ()-]*[0-9]( ?转 ?[0-9]+)?$", LINE_PHONE_FORM),
    ("^[a-z][a-z0-9_]{0,29}([.][a-z][a-z0-9_]{0,29})?$", CATEGORY_FORM),
    ("^[a-z0-9][a-z0-9-]{0,39}$", UNIT_CODE_FORM),
    ("^(19|20|21)", YEAR_FORM),
    ("^(bureau|reception|cadre|pension|medical|housing|finance|community|discipline|enterprise|other)$", UNIT_KIND_FORM),
    ("^[0-9a-f]{64}$", DIGEST_FORM),
    ("^([01][0-9]|2[0-3]):[0-5][0-9]$", HOUR_FORM),
];
