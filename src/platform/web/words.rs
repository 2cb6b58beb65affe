//! Closed lists of words in the document: the schema behind `text_enum!`.

pub use utoipa::PartialSchema;
use utoipa::openapi::ObjectBuilder;
pub use utoipa::openapi::RefOr;
pub use utoipa::openapi::schema::Schema;
use utoipa::openapi::schema::Type;

/// A text that is one of these words.
pub fn schema(words: &[&'static str]) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.iter().copied())).into()
}
