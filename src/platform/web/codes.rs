//! The platform's own codes: what can be wrong with any request, whatever it is about.

crate::codes! {
    // The request as a whole
    BAD_REQUEST "bad_request": "Unreadable request" / "无法读取的请求": "The request could not be read." / "无法读取该请求。";
    NOT_FOUND "not_found": "Not found" / "未找到": "There is nothing here, or it is not yours to see." / "此处没有内容，或您无权查看。";
    METHOD_NOT_ALLOWED "method_not_allowed": "Method not allowed" / "不支持的方法": "This address does not support that method; it supports {}." / "该地址不支持此方法，可用的方法有：{}。";
    NOT_ACCEPTABLE "not_acceptable": "Not acceptable" / "无法提供所需格式": "None of the formats in Accept can be given here. Allow application/json, or leave Accept out." / "无法提供 Accept 所要求的格式，请允许 application/json 或省略 Accept。";
    BODY_TOO_LARGE "body_too_large": "Body too large" / "内容过大": "At most {} may be sent here. Send less at a time." / "此处发送的内容不得超过 {}，请减少后重试。";
    UNSUPPORTED_MEDIA_TYPE "unsupported_media_type": "Unsupported media type" / "不支持的内容类型": "This kind of content is not taken here. Bodies are application/json unless the documentation says otherwise." / "此处不接受该类型的内容。除文档另有说明外，请使用 application/json。";
    MALFORMED_JSON "malformed_json": "Malformed JSON" / "JSON 格式错误": "The body is not readable JSON at line {}, column {}." / "内容在第 {} 行第 {} 列处不是有效的 JSON。";
    DUPLICATE_KEY "duplicate_key": "Duplicate member" / "成员重复": "The member \"{}\" appears twice in one object (line {}, column {})." / "成员“{}”在同一对象中出现了两次（第 {} 行第 {} 列）。";
    NOT_UTF8 "not_utf8": "Not UTF-8" / "编码不是 UTF-8": "The text is not encoded in UTF-8. Save the file as UTF-8 and send it again." / "文本编码不是 UTF-8，请将文件另存为 UTF-8 后重新发送。";
    INTERRUPTED "interrupted": "Body interrupted" / "内容传输中断": "The body ended before it was complete. Send it again." / "内容未传输完整，请重新发送。";
    UNREADABLE_PARAMETER "unreadable_parameter": "Unreadable parameter" / "参数无法读取": "Some parameters of the address could not be read; each is listed in errors." / "地址中的部分参数无法读取，详见 errors。";
    UNKNOWN_PARAMETER "unknown_parameter": "Unknown parameter" / "未知参数": "There is no such parameter here. Check its spelling." / "此处没有该参数，请检查拼写。";
    REPEATED_PARAMETER "repeated_parameter": "Repeated parameter" / "参数重复": "The parameter was given more than once. Several values are separated by commas." / "该参数出现了多次。多个值请用逗号分隔。";
    FORGED_CURSOR "forged_cursor": "Invalid cursor" / "游标无效": "The cursor does not belong to this list. Begin again from the first page." / "游标不属于此列表，请从第一页重新开始。";
    INVALID "invalid": "Invalid input" / "输入有误": "Some of the input is wrong; each place is listed in errors." / "部分输入有误，各处问题详见 errors。";

    // The caller
    NOT_PERMITTED "not_permitted": "Not permitted" / "没有权限": "Your account may not do this." / "您的账号无权进行此操作。";
    UNAUTHENTICATED "unauthenticated": "Sign in first" / "请先登录": "This needs an access token. Sign in and try again." / "此操作需要访问令牌，请登录后重试。";
    TOKEN_EXPIRED "token_expired": "Session expired" / "登录已过期": "The access token has expired. Renew it or sign in again." / "访问令牌已过期，请刷新令牌或重新登录。";
    TOKEN_INVALID "token_invalid": "Token not accepted" / "令牌无效": "The access token is not accepted. Sign in again." / "访问令牌未被接受，请重新登录。";
    TOO_MANY_REQUESTS "too_many_requests": "Too many requests" / "请求过于频繁": "Too many requests in a short time. Try again in {} s." / "短时间内请求过多，请在 {} 秒后重试。";

    // Versions and repetition
    IF_MATCH_REQUIRED "if_match_required": "Version required" / "需要版本标识": "Send If-Match with the ETag you last saw, so that nobody's work is overwritten." / "请在 If-Match 中附上您最后看到的 ETag，以免覆盖他人的工作。";
    STALE "stale": "Changed meanwhile" / "内容已被更改": "It was changed since you read it. Read it again, then decide." / "在您读取之后内容已被更改，请重新读取后再决定。";
    CONFLICT "conflict": "Not possible now" / "当前无法进行": "This is not possible in the present state." / "当前状态下无法进行此操作。";
    ID_TAKEN "id_taken": "Id already used" / "编号已被使用": "This id already belongs to something else. Make a new one." / "该编号已属于其他内容，请生成新的编号。";
    IDEMPOTENCY_KEY_REUSED "idempotency_key_reused": "Key used for another request" / "幂等键已用于其他请求": "This Idempotency-Key was used with other content. Use a new key for a new request." / "该 Idempotency-Key 已用于不同内容的请求，新请求请使用新的键。";
    IDEMPOTENCY_KEY_INVALID "idempotency_key_invalid": "Invalid Idempotency-Key" / "幂等键无效": "An Idempotency-Key has 1 to 255 visible ASCII characters." / "Idempotency-Key 应为 1 至 255 个可见 ASCII 字符。";

    // The server
    BUSY "busy": "Busy" / "系统繁忙": "The system is busy. Nothing was changed; try again in a moment." / "系统繁忙，未作任何更改，请稍后重试。";
    UNAVAILABLE "unavailable": "Not available" / "暂不可用": "The service is not available at the moment. Try again later." / "服务暂时不可用，请稍后重试。";
    INTERNAL "internal": "Internal error" / "内部错误": "Something went wrong on our side. Quote the number in \"instance\" when you report it." / "系统内部出现错误。报告问题时请提供 instance 中的编号。";

    // The shape of input
    REQUIRED "required": "Missing" / "缺少必填项": "This is required." / "此项必填。";
    UNKNOWN_MEMBER "unknown_member": "Unknown member" / "未知成员": "There is no such member here. Check its spelling." / "此处没有该成员，请检查拼写。";
    WRONG_TYPE "wrong_type": "Wrong type" / "类型错误": "This must be of type {}." / "此项的类型应为 {}。";
    TOO_LONG "too_long": "Too long" / "过长": "At most {} characters." / "最多 {} 个字符。";
    TOO_SHORT "too_short": "Too short" / "过短": "At least {} characters." / "至少 {} 个字符。";
    EMPTY "empty": "Empty" / "不能为空": "This must not be empty." / "此项不能为空。";
    TOO_MANY "too_many": "Too many" / "数量过多": "At most {} entries." / "最多 {} 项。";
    TOO_FEW "too_few": "Too few" / "数量过少": "At least {} entries." / "至少 {} 项。";
    NOT_IN_LIST "not_in_list": "Not in the list" / "不在可选范围内": "This must be one of: {}." / "此项应为以下之一：{}。";
    TOO_LARGE "too_large": "Too large" / "数值过大": "At most {}." / "最大为 {}。";
    TOO_SMALL "too_small": "Too small" / "数值过小": "At least {}." / "最小为 {}。";
    BAD_DATE "bad_date": "Not a date" / "日期无效": "This must be a date such as 2026-03-31." / "此项应为日期，例如 2026-03-31。";
    BAD_TIME "bad_time": "Not a time" / "时间无效": "This must be a time with its offset, such as 2026-03-31T09:30:00+08:00." / "此项应为带时区的时间，例如 2026-03-31T09:30:00+08:00。";
    BAD_ID "bad_id": "Not an id" / "编号无效": "This must be an id (a UUID)." / "此项应为编号（UUID）。";
    BAD_FORM "bad_form": "Wrong form" / "格式有误": "This does not have the expected form." / "此项的格式不符合要求。";
    MORE_FAULTS "more_faults": "More faults" / "还有其他问题": "Only the first {} faults are listed; there are more." / "仅列出前 {} 处问题，其余未列出。";
    CONTROL_CHARACTER "control_character": "Control character" / "含有控制字符": "The text contains a control character (U+{}). Remove it." / "文字中含有控制字符（U+{}），请删除。";
}
