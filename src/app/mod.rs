//! Puts the slices, the middleware and the document together; the server and every test use it.

mod docs;
mod examples;
mod health;
mod permissions;

use crate::account::password::Passwords;
use crate::account::session::SignIn;
use crate::auth::Context;
use crate::auth::token::Tokens;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Result};
use crate::platform::web::middleware::{ExtraHeaders, KnownPaths, outermost};
use crate::platform::web::problem::problem_pages;
use crate::platform::web::rate::RateLimits;
use crate::platform::web::{Shapes, codes as web, document};
use crate::{
    account, appeal, assistance, calendar, care_file, category, closure, codes, contact, contact_line, deadline, dossier, enclosure,
    evaluation, execution, handling, hearing, import, intake, job, leader_case, matter, mediation, petition, petitioner, policy_issue,
    reception_day, recusal, referral, replay, retiree, search, statistics, succession, supervision, unit, urgency, visit, worklist,
};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::Data;
use actix_web::{App, HttpServer, dev::Server};
use std::net::TcpListener;
use std::sync::OnceLock;
use std::time::Duration;
use utoipa::OpenApi as _;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

/// Threads of a worker that may wait for the database, or hash a password. There are few connections: more threads would only wait
/// longer, each with a heap of its own.
const BLOCKING: usize = 8;

/// What the document says before the slices add their operations.
#[derive(utoipa::OpenApi)]
#[openapi(info(
    title = "xinfang",
    description = "Letters and visits (信访) from retirees: registered, given to the unit that is competent, answered within limits set by law, delivered with proof, rated by the petitioner. Every change is one act, one transaction, one event of a chained trail. What may be done when, by whom, is told at [/docs/acts](/docs/acts).",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
), tags(
    (name = "session", description = "Signing in, staying signed in, signing out"),
    (name = "intake", description = "The desk: registering, the receipt, the notice of receipt"),
    (name = "petitions", description = "Reading and correcting petitions, their people, notes and trail"),
    (name = "repeats", description = "Which petitions are of one matter"),
    (name = "referral", description = "Handing a petition to the unit that is competent"),
    (name = "handling", description = "Accepting, giving the opinion, delivering it"),
    (name = "appeal", description = "Reviews and re-reviews of an answer"),
    (name = "supervision", description = "What those above do about a broken duty"),
    (name = "evaluation", description = "What the petitioner thinks of it"),
    (name = "closure", description = "Closing and withdrawing"),
    (name = "worklist", description = "What is due: the worklist, clocks, and why they end when they do"),
    (name = "public", description = "Open to whoever has the receipt in hand"),
    (name = "statistics", description = "Figures over what the caller may see"),
    (name = "retirees", description = "Profiles of retirees: who they are, what they need, who looks after them"),
    (name = "policy issues", description = "Many petitions of one cause: looked into once, decided once, answered one by one"),
    (name = "reception days", description = "Which leader listens on which day; who has booked, and what came of it"),
    (name = "visits", description = "Visits that are owed: planned ahead, opened by what happens, recorded when made"),
    (name = "care file", description = "What is known of somebody's family, health and thoughts: apart, for a purpose, every reading logged"),
    (name = "imports", description = "Rosters and ledgers of other registers brought in from files: tried dry, then entered"),
    (name = "jobs", description = "Long work that somebody asked for"),
    (name = "units", description = "The office's units, their tree and their successors"),
    (name = "categories", description = "Categories of petitions, two levels"),
    (name = "contact lines", description = "Telephone lines of the units, for contact cards and receipts"),
    (name = "calendars", description = "Working calendars by the yearly notices, version by version; the date calculator"),
    (name = "profiles", description = "Procedure profiles: the limits of a law or an office, version by version"),
    (name = "staff", description = "Accounts of staff, and one's own"),
    (name = "operation", description = "Health, metrics, this document")
))]
struct Base;

/// Tables of codes that have a page of their own.
fn code_tables() -> &'static [&'static [Code]] {
    static TABLES: OnceLock<Vec<&'static [Code]>> = OnceLock::new();
    TABLES.get_or_init(|| std::iter::once(web::ALL).chain(codes::TABLES.iter().copied()).collect())
}

fn under_api(cfg: &mut ServiceConfig<'_>) {
    account::routes::configure(cfg);
    retiree::routes::configure(cfg);
    care_file::routes::configure(cfg);
    visit::routes::configure(cfg);
    unit::routes::configure(cfg);
    category::routes::configure(cfg);
    contact_line::routes::configure(cfg);
    calendar::routes::configure(cfg);
    deadline::routes::configure(cfg);
    intake::routes::configure(cfg);
    petition::routes::configure(cfg);
    enclosure::routes::configure(cfg);
    dossier::routes::configure(cfg);
    referral::routes::configure(cfg);
    handling::routes::configure(cfg);
    appeal::routes::configure(cfg);
    assistance::routes::configure(cfg);
    contact::routes::configure(cfg);
    hearing::routes::configure(cfg);
    recusal::routes::configure(cfg);
    policy_issue::routes::configure(cfg);
    reception_day::routes::configure(cfg);
    leader_case::routes::configure(cfg);
    mediation::routes::configure(cfg);
    execution::routes::configure(cfg);
    urgency::routes::configure(cfg);
    succession::routes::configure(cfg);
    matter::routes::configure(cfg);
    supervision::routes::configure(cfg);
    evaluation::routes::configure(cfg);
    closure::routes::configure(cfg);
    petitioner::routes::configure(cfg);
    worklist::routes::configure(cfg);
    search::routes::configure(cfg);
    statistics::routes::configure(cfg);
    replay::routes::configure(cfg);
    import::routes::configure(cfg);
    job::routes::configure(cfg);
    docs::configure(cfg);
}

fn at_root(cfg: &mut ServiceConfig<'_>) {
    account::session::routes::configure_root(cfg);
    health::configure(cfg);
}

/// Paths that need no token; everything else is refused without one.
fn is_open(path: &str) -> bool {
    const OPEN: &[&str] = &["/.well-known/jwks.json", "/livez", "/readyz", "/metrics", "/api/v1/openapi.json"];
    OPEN.contains(&path) || path.starts_with("/api/v1/auth/") || path.starts_with("/api/v1/public/")
}

/// The OpenAPI document, finished.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, mut doc) = App::new()
        .into_utoipa_app()
        .openapi(Base::openapi())
        .configure(at_root)
        .service(utoipa_actix_web::scope("/api/v1").configure(under_api))
        .split_for_parts();
    petition::document::finish(&mut doc);
    enclosure::document::finish(&mut doc);
    permissions::name_roles(&mut doc);
    document::finish(&mut doc, &is_open);
    examples::attach(&mut doc);
    doc
}

/// The document as it is committed and printed: members in the order of their names, two blanks deep, a line's end at the end.
pub fn openapi_text() -> String {
    let mut document = serde_json::to_value(openapi()).unwrap_or_default();
    document.sort_all_objects();
    format!("{document:#}\n")
}

/// What bodies and queries are checked against, its faults in the domain's words.
pub fn shapes() -> Shapes {
    Shapes::from_openapi(&openapi()).with_forms(codes::FORMS)
}

/// A server on a socket already open, not yet running: await it to run it. Signals are the caller's.
///
/// # Errors
/// When the keys can't sign, or the socket can't be used.
pub fn server(platform: Platform, listener: TcpListener, workers: usize) -> std::io::Result<Server> {
    let broken = |e: crate::platform::error::Error| std::io::Error::other(e.to_string());
    let doc = openapi();
    let document = Data::new(docs::DocumentText::new(&doc));
    let shapes = Data::new(shapes());
    let known = Data::new(KnownPaths::from_openapi(&doc));
    let tokens = Data::new(Tokens::new(&platform.keys).map_err(broken)?);
    let limits = Data::new(RateLimits::new(platform.config.rate_burst, platform.config.rate_per_second));
    let passwords = Passwords::default();
    let sign_in = Data::new(SignIn::new(passwords.clone()));
    let passwords = Data::new(passwords);
    let public = Data::new(petitioner::routes::PublicLimits::default());
    let roster = Data::new(reception_day::routes::RosterLimits::default());
    let extra = Data::new(ExtraHeaders(if platform.config.rehearsal {
        vec![(HeaderName::from_static("x-rehearsal"), HeaderValue::from_static("true"))]
    } else {
        Vec::new()
    }));
    let platform = Data::new(platform);
    crate::platform::telemetry::metrics();
    let server = HttpServer::new(move || {
        let (app, _) = App::new()
            .into_utoipa_app()
            .configure(at_root)
            .service(utoipa_actix_web::scope("/api/v1").configure(under_api))
            .split_for_parts();
        app.app_data(document.clone())
            .app_data(shapes.clone())
            .app_data(known.clone())
            .app_data(tokens.clone())
            .app_data(limits.clone())
            .app_data(sign_in.clone())
            .app_data(public.clone())
            .app_data(roster.clone())
            .app_data(passwords.clone())
            .app_data(extra.clone())
            .app_data(platform.clone())
            .configure(docs::pages)
            .configure(problem_pages(code_tables()))
            .wrap(Compress::default())
            .wrap(from_fn(outermost))
    });
    let server = server
        .workers(workers)
        .worker_max_blocking_threads(BLOCKING)
        .disable_signals()
        .shutdown_timeout(20)
        .client_request_timeout(Duration::from_secs(10))
        .client_disconnect_timeout(Duration::from_secs(5))
        .listen(listener)?;
    Ok(server.run())
}

/// What a database must hold before the first call: the shipped categories, calendar and profiles.
///
/// # Errors
/// When it can't be written.
pub async fn prepare(platform: &Platform) -> Result<()> {
    let origin = crate::auth::context::Origin::system(platform, "start");
    platform.db.write(move |c| load_shipped(c, &mut origin.context())).await
}

/// Fills what is empty with what is shipped.
///
/// # Errors
/// When it can't be written.
pub fn load_shipped(c: &mut Conn, cx: &mut Context) -> Result<()> {
    category::service::load_shipped(c, cx)?;
    calendar::service::load_shipped(c, cx)?;
    deadline::service::load_shipped(c, cx)
}
