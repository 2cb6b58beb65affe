//! What is known of any person, retiree or party: the forms a name is found by, identity numbers, telephone numbers, sex.

pub mod identity;
pub mod number;
mod readings;
mod spelling;

pub use number::{area_of, compared_identity, compared_phone, same_phone};
pub use spelling::{SPELLINGS, Spelled, folded, spellings};

crate::text_enum! {
    /// Sex as recorded in the roster.
    pub enum Sex {
        /// 女
        Female = "female",
        /// 男
        Male = "male",
    }
}
