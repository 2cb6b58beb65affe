//! What the document says of who may: the roles, in words and as `x-roles`.

use super::model::{Relation, Role, Roles};
use serde_json::json;
use utoipa::openapi::path::Operation;

/// The roles by name, in the order of their declaration.
pub fn names(roles: Roles) -> Vec<&'static str> {
    roles.iter().map(Role::as_str).collect()
}

/// Says which roles may, and over what.
pub fn say(operation: &mut Operation, roles: Roles, scope: &str) {
    let names = names(roles);
    let said = operation.description.take().unwrap_or_default();
    operation.description = Some(format!("{said}\n\nRoles: {}. {scope}", names.join(", ")).trim().to_owned());
    operation.extensions.get_or_insert_default().insert("x-roles".to_owned(), json!(names));
}

/// A relation to the petition in words.
pub const fn words(relation: Relation) -> &'static str {
    match relation {
        Relation::Ro => "registering office",
        Relation::Su => "supervisor of the sending unit",
        Relation::Oc => "registering unit that is itself competent, or one above it",
        Relation::Le => "lead unit",
        Relation::Hd => "head of the lead unit, or a supervisor above",
        Relation::As => "assisting unit with an open question",
        Relation::Rv => "reviewing unit of the open review",
        Relation::Sv => "supervisor above the lead unit",
        Relation::Ld => "leader not concerned by it",
        Relation::Pe => "a party in person",
        Relation::Wr => "registering office or lead unit, for a party",
        Relation::Cb => "call-back by somebody who did not handle it",
        Relation::Me => "the person themself",
        Relation::Sd => "unit under an open supervision",
    }
}
