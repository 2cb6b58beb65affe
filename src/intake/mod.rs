//! What the desk does: registering one petition or a batch, the receipt (回执), the notice that it has arrived (Art. 22, 23);
//! notices as papers, printed and delivered.

pub mod batch;
pub mod field_names;
pub mod notices;
pub mod receipt;
pub mod routes;
pub mod service;
