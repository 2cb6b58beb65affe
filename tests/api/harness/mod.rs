//! ```ignore
//! let app = TestApp::start().await;
//! let desk = app.desk();
//! let petition = desk.post("/petitions", claim()).await.expect(201);
//! app.refer(&petition.id(), "medical").await;
//! app.officer().get(&format!("/petitions/{}", petition.id())).await.expect(200);
//! ```
//! Every answer seen is held to the served document: an undeclared status, body or member fails the test.
#![allow(dead_code, unused_imports)] // each slice uses what it needs

mod answers;
mod app;
mod document;
mod engine;
mod fixtures;
mod personas;
mod trace;

pub use answers::Answer;
pub use app::{MORNING, TestApp, config};
pub use document::{Document, Operation};
pub use engine::{Database, Office};
pub use fixtures::{accusation, claim, suggestion, usual_opinion};
pub use personas::{Persona, Request};
pub use trace::Trace;
