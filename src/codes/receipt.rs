//! Codes for whoever has a receipt in hand.

crate::codes! {
    WRONG_RECEIPT "wrong_receipt": "Number or query code not right" / "编号或查询码不对":
        "The number or the query code is not right. Look at your receipt and try again, or ask at the reception desk."
        / "编号或查询码不对，请对照回执重新输入，或到接待窗口询问。";
    WRONG_RECEIPT_CALL "wrong_receipt_call": "Number or query code not right" / "编号或查询码不对":
        "The number or the query code is not right. Look at your receipt and try again, or call {}."
        / "编号或查询码不对，请对照回执重新输入，或拨打电话 {} 询问。";
    NOT_NOW "not_now": "Not possible at the moment" / "现在还不能办理":
        "This is not possible at the moment. Please ask at the reception desk."
        / "现在还不能办理这一步，请到接待窗口询问。";
}
