//! `/imports/roster`, `/imports/ledger` and `/jobs/{id}/faults`.

use super::model::{FaultView, ImportMode};
use super::repo;
use super::service::{self, LIMIT, LISTED, Source, Wish};
use crate::auth::{Call, Paging, Permission, TableCall};
use crate::job::{model::JobView, service as job};
use crate::platform::clock::office_day;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::web::{Answer, Bytes, Page, Problem, Query, Response, Shapes, codes};
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue, LOCATION};
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, post, web};
use futures_util::future::LocalBoxFuture;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// Files held in memory at a time, from the first byte until they are stored in parts: each takes some hundred MiB at worst.
static PLACES: Semaphore = Semaphore::const_new(2);
/// How long a file waits for its place.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a file may take to arrive: it holds a place meanwhile.
const ARRIVAL: Duration = Duration::from_secs(300);

/// A call by somebody who may bring in files: nobody else's file is received.
struct Importing(Call);

impl FromRequest for Importing {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let call = Call::from_request(req, payload);
        Box::pin(async move {
            let call = call.await?;
            call.actor.require(Permission::ImportRecords.roles())?;
            Ok(Self(call))
        })
    }
}

/// A file, and the place it is held in.
struct Upload {
    bytes: Vec<u8>,
    place: SemaphorePermit<'static>,
}

impl FromRequest for Upload {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = Bytes::<LIMIT>::from_request(req, payload);
        Box::pin(async move {
            let place = placed(&PLACES, PATIENCE).await?;
            let Bytes(bytes) = timeout(ARRIVAL, body).await.map_err(|_| Problem::bad_request(codes::INTERRUPTED))??;
            Ok(Self { bytes, place })
        })
    }
}

async fn placed(places: &Semaphore, patience: Duration) -> Result<SemaphorePermit<'_>> {
    match timeout(patience, places.acquire()).await {
        Ok(Ok(place)) => Ok(place),
        _ => Err(Error::Busy),
    }
}

/// Does what takes long with a file, where waiting is allowed. Its place is held until that ends: who hangs up meanwhile does not let
/// another file in beside it.
async fn in_place<P: Send + 'static, T: Send + 'static>(place: P, work: impl FnOnce() -> T + Send + 'static) -> Result<(T, P), Problem> {
    web::block(move || (work(), place)).await.map_err(Problem::internal)
}

/// Mounts the operations.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(import_roster).service(import_ledger).service(list_import_faults);
}

#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RosterQuery {
    /// Only say what would be entered; true unless said otherwise.
    #[param(default = true)]
    dry_run: Option<bool>,
    /// Whether one bad row keeps all others out; `all_or_nothing` unless said otherwise.
    #[param(inline)]
    mode: Option<ImportMode>,
    /// The unit responsible for those who have none on file and of whom the file names none. Nobody is taken from another unit by it.
    unit_id: Option<Id>,
}

/// Bring in a roster of retirees
///
/// A table as CSV (UTF-8, UTF-16 or GB18030; comma, semicolon or tab) or Excel workbook (.xlsx), at most 64 MiB and 200,000 rows, its
/// columns called by their Chinese, English or pinyin names. What is wrong with the file as a whole is answered at once; a job compares
/// the rows with who is on file and, when it is no dry run, enters them. Its result says how many are `new`, `changed`, `unchanged` and
/// `faulty`, and holds the first faults; all of them are at `/jobs/{id}/faults`. Sending the same file again changes nothing: a row is
/// known by its identity number, else by name and birth date. An empty cell leaves what is on file, `清空` takes it away. A unit in the
/// file that differs from that on file is a move: the one on file ends the day before. Who is on file as deceased stays so: a row that
/// says otherwise is faulty. Of a file that is all or nothing nothing is entered before every row was found good; up to 400 rows then
/// appear at once, more part by part, and a row that turns bad in between is counted and listed as faulty. At most two files are read
/// at a time; who waits too long gets 503.
#[utoipa::path(tag = "imports", params(RosterQuery),
    request_body(content((String = "text/csv", example = json!("姓名,身份证号,人员类别,联系电话\n张建国,990100194305120015,退休干部,13800000001\n")),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", example = json!("PK")), (String = "application/octet-stream", example = json!("姓名,出生日期,人员类别\n张建国,1943-05-12,退休干部\n")))),
    responses((status = 202, description = "The job that does it", body = JobView)))]
#[post("/imports/roster")]
async fn import_roster(Importing(call): Importing, query: Query<RosterQuery>, file: Upload, shapes: web::Data<Shapes>) -> Response {
    let asked = serde_json::to_vec(&query.0).map_err(Problem::internal)?;
    let RosterQuery { dry_run, mode, unit_id } = query.0;
    let wish = Wish { source: Source::Roster(unit_id), dry_run: dry_run.unwrap_or(true), mode: mode.unwrap_or(ImportMode::AllOrNothing) };
    taken_in(call, wish, asked, file, shapes).await
}

#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LedgerQuery {
    /// Who gave the numbers in it: the register's name, always the same.
    #[param(min_length = 1, max_length = 100, pattern = "\\S")]
    issuer: String,
    /// Only say what would be entered; true unless said otherwise.
    #[param(default = true)]
    dry_run: Option<bool>,
    /// Whether one bad row keeps all others out; `all_or_nothing` unless said otherwise.
    #[param(inline)]
    mode: Option<ImportMode>,
}

/// Bring in the ledger of another register
///
/// A table like a roster's, its columns called by their Chinese, English or pinyin names (`xfjbh`, `xfrq`, `xfxs`, `bt`, `gkxx`, `bjbz`,
/// `bjsj` …). What is open there is registered as a petition, received when the other register got it: its clocks run from then, and the
/// result says how many are `overdue` at once. What is `closed` there is kept as history, shown with the retiree; it starts no clock and
/// is counted by no figure. A number of an issuer is entered once: the same file again changes nothing, and a row that says something
/// else than before is a fault.
#[utoipa::path(tag = "imports", params(LedgerQuery),
    request_body(content((String = "text/csv", example = json!("信访件编号,信访日期,信访形式,标题,姓名,办结标志,办结时间\n99010020240012,2024-03-01,来信,异地住院费未报销,张建国,是,2024-04-20\n")),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", example = json!("PK")), (String = "application/octet-stream", example = json!("xfjbh,xfrq,xfxsdm,bt\n99010020240012,2024-03-01,100,异地住院费未报销\n")))),
    responses((status = 202, description = "The job that does it", body = JobView)))]
#[post("/imports/ledger")]
async fn import_ledger(Importing(call): Importing, query: Query<LedgerQuery>, file: Upload, shapes: web::Data<Shapes>) -> Response {
    let asked = serde_json::to_vec(&query.0).map_err(Problem::internal)?;
    let LedgerQuery { issuer, dry_run, mode } = query.0;
    let wish = Wish {
        source: Source::Ledger(issuer.trim().to_owned()),
        dry_run: dry_run.unwrap_or(true),
        mode: mode.unwrap_or(ImportMode::AllOrNothing),
    };
    taken_in(call, wish, asked, file, shapes).await
}

/// Reads a file and asks for the job.
async fn taken_in(call: Call, wish: Wish, asked: Vec<u8>, file: Upload, shapes: web::Data<Shapes>) -> Response {
    let permitted = Permission::ImportRecords.roles();
    let Upload { bytes, place } = file;
    let hashed = move || {
        let fingerprint: [u8; 32] = Sha256::new().chain_update(&asked).chain_update(&bytes).finalize().into();
        (bytes, fingerprint)
    };
    let ((bytes, fingerprint), place) = in_place(place, hashed).await?;
    if let Some(known) = call.answered(permitted, fingerprint).await? {
        return Ok(known);
    }
    let source = wish.source.clone();
    call.fetch(permitted, move |c, cx| service::admit(c, cx, &source)).await?;
    let (platform, origin) = (call.platform(), call.origin());
    let today = office_day(platform.clock.now(), platform.config.zone);
    let read = move || {
        let reading = service::read(&bytes, &wish, today, &shapes)?;
        drop(bytes);
        service::sealed(&mut origin.aside(), wish, reading)
    };
    let (order, place) = in_place(place, read).await?;
    let mut order = order?;
    order.put_down(&platform.db).await?;
    drop(place);
    let (db, job) = (platform.db.clone(), order.job);
    let answer = call
        .write(permitted, fingerprint, move |c, cx| {
            let job = order.ask(c, cx)?;
            Ok(Answer { location: Some(place_of(job.id)), ..Answer::json(202, &job.view()?)? })
        })
        .await;
    let asked_for = |answer: &HttpResponse| answer.headers().get(LOCATION).is_some_and(|place| *place == *place_of(job));
    if answer.as_ref().is_ok_and(asked_for) {
        job::announce();
    } else {
        // refused, or asked for by the same call sent twice
        service::clear(&db, job).await?;
    }
    answer
}

fn place_of(job: Id) -> String {
    format!("/api/v1/jobs/{job}")
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FaultsQuery {
    /// Items of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List what is wrong with a file
///
/// By line and column, never with what stands in the cell. As JSON page by page, or all of it as CSV with `Accept: text/csv`.
#[utoipa::path(tag = "imports", params(("id" = Id, Path, description = "The job"), FaultsQuery),
    responses((status = 200, description = "The faults", content((Page<FaultView> = "application/json"), (String = "text/csv",
        example = json!("行,列,代码,说明\n17,身份证号,identity_number_wrong,身份证号码的校验位或其中的出生日期不对，请与证件逐位核对。\n"))))))]
#[get("/jobs/{id}/faults")]
async fn list_import_faults(TableCall(call): TableCall, id: web::Path<String>, query: Query<FaultsQuery>) -> Response {
    let (id, lang) = (Id::or_nil(&id), call.meta.lang);
    let paging: Paging<i64> = Paging::read(&call, "import_faults", &id, query.limit, query.cursor.as_deref())?;
    let permitted = Permission::ReadSelf.roles();
    if call.prefers_table() {
        let table = call.fetch(permitted, move |c, cx| {
            job::seen(c, &cx.actor, id)?;
            let rows = repo::faults(c, id, 0, LISTED)?;
            service::csv(&rows.into_iter().map(|row| service::view(row, lang)).collect::<Vec<_>>(), lang)
        });
        let table = table.await?;
        let name = HeaderValue::from_static("attachment; filename=\"faults.csv\"");
        let kind = HeaderValue::from_static("text/csv; charset=utf-8");
        return Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, kind)).insert_header((CONTENT_DISPOSITION, name)).body(table));
    }
    call.read(permitted, move |c, cx| {
        job::seen(c, &cx.actor, id)?;
        let rows = repo::faults(c, id, paging.after.unwrap_or(0), paging.rows())?;
        let page: Result<Page<FaultView>, Error> = paging.page(cx, rows, |row| row.n, |row| Ok(service::view(row, lang)));
        Answer::ok(&page?)
    })
    .await
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_finds_no_place_is_told_so() {
        let places = Semaphore::new(1);
        let held = placed(&places, Duration::from_millis(1)).await.unwrap();
        assert!(matches!(placed(&places, Duration::from_millis(1)).await, Err(Error::Busy)));
        drop(held);
        assert!(placed(&places, Duration::from_millis(1)).await.is_ok());
    }

    #[tokio::test]
    async fn a_place_is_held_while_its_file_is_read_though_who_sent_it_hung_up() {
        static PLACES: Semaphore = Semaphore::const_new(1);
        let (go_on, wait) = std::sync::mpsc::channel::<()>();
        let held = placed(&PLACES, Duration::from_millis(1)).await.unwrap();
        let reading = timeout(Duration::from_millis(20), in_place(held, move || drop(wait.recv())));
        assert!(reading.await.is_err(), "it is still read, and its answer has nobody to go to");
        assert!(matches!(placed(&PLACES, Duration::from_millis(1)).await, Err(Error::Busy)));
        go_on.send(()).unwrap();
        assert!(placed(&PLACES, Duration::from_secs(10)).await.is_ok());
    }
}
