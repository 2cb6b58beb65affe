//! What is known of any person, retiree or party: the forms a name is found by, identity numbers, telephone numbers, sex.

pub mod identity;
mod spelling;

pub use spelling::Spelled;

crate::text_enum! {
    /// Sex as recorded in the roster.
    pub enum Sex {
        /// 女
        Female = "female",
        /// 男
        Male = "male",
    }
}

/// A telephone number in the form it is looked up by: its digits.
pub fn compared_phone(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// An identity number in the form it is looked up by.
pub fn compared_identity(text: &str) -> String {
    text.to_uppercase()
}
