//! Files enclosed with petitions: what is taken and what is not, once each, whole or not at all, for those who may see the petition.

use super::harness::{Answer, Persona, Request, TestApp, claim};
use data_encoding::{BASE64, HEXLOWER};
use diesel::prelude::*;
use image::{ImageFormat, RgbImage};
use reqwest::Method;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::io::{Cursor, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;
use xinfang::jobs::retention;
use xinfang::platform::db::schema::{attachment, attachment_content, attachment_upload};
use xinfang::platform::objects::ObjectsUrl;

const LETTER: &str = "尊敬的领导：我的药费至今没有报销。";
const MIB: usize = 1024 * 1024;

pub(crate) fn photograph(width: u32, height: u32) -> Vec<u8> {
    let mut png = Vec::new();
    RgbImage::from_pixel(width, height, image::Rgb([120, 90, 60])).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
    png
}

fn named(name: &str) -> String {
    let escaped: String = name.bytes().map(|b| format!("%{b:02X}")).collect();
    format!("attachment; filename*=UTF-8''{escaped}")
}

fn digest(content: &[u8]) -> String {
    format!("sha-256=:{}:", BASE64.encode(&Sha256::digest(content)))
}

pub(crate) fn upload<'a>(who: &Persona<'a>, id: &str, query: &str, name: &str, content: impl Into<Vec<u8>>, kind: &str) -> Request<'a> {
    let call = who.call(Method::POST, &format!("/petitions/{id}/attachments{query}"));
    call.header("content-disposition", &named(name)).raw_body(content, kind)
}

/// The place of what an upload made.
pub(crate) fn place(answer: &Answer) -> String {
    answer.header("location").unwrap().to_owned()
}

pub(crate) fn folder(app: &TestApp) -> PathBuf {
    match &app.platform.config.objects {
        ObjectsUrl::Folder(path) => path.clone(),
        other => panic!("{other}"),
    }
}

/// Files below a folder.
pub(crate) fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

/// Attachments, contents, objects begun.
pub(crate) async fn rows(app: &TestApp) -> [i64; 3] {
    app.rows(|c| {
        Ok([
            attachment::table.count().get_result(c)?,
            attachment_content::table.count().get_result(c)?,
            attachment_upload::table.count().get_result(c)?,
        ])
    })
    .await
}

#[tokio::test]
async fn a_photograph_is_enclosed_listed_and_downloaded() {
    let app = TestApp::start().await;
    let desk = app.desk();
    let petition = app.register(claim()).await;
    let (id, photo) = (petition.id(), photograph(1200, 600));
    let call = upload(&desk, &id, "", "身份证 正面.png", photo.clone(), "image/png").header("content-digest", &digest(&photo));
    let made = call.await.expect(201);
    assert!(made.allows("add_attachment"));
    let version = |etag: String| etag.split('-').next().unwrap().to_owned();
    assert_eq!(version(made.etag()), version(petition.etag()), "the version stays");
    let shown = desk.get(&place(&made)).await.expect(200);
    for (member, value) in [
        ("name", json!("身份证 正面.png")),
        ("media_type", json!("image/png")),
        ("size", json!(photo.len())),
        ("sha256", json!(HEXLOWER.encode(&Sha256::digest(&photo)))),
        ("about", json!("petition")),
        ("thumbnail", json!(true)),
    ] {
        assert_eq!(shown.body[member], value, "{member}");
    }
    let list = desk.get(&format!("/petitions/{id}/attachments?limit=1")).await.expect(200);
    assert_eq!(list.items(), std::slice::from_ref(&shown.body));
    let content = desk.get(&format!("{}/content", place(&made))).header("accept", "image/*").await.expect(200);
    assert_eq!(content.bytes, photo);
    for (header, value) in [
        ("content-type", "image/png"),
        ("content-disposition", "attachment; filename*=UTF-8''%E8%BA%AB%E4%BB%BD%E8%AF%81%20%E6%AD%A3%E9%9D%A2.png"),
        ("x-content-type-options", "nosniff"),
        ("content-length", &photo.len().to_string()),
    ] {
        assert_eq!(content.header(header), Some(value), "{header}");
    }
    assert!(content.header("cache-control").unwrap().contains("private"));
    desk.get(&content.path).header("if-none-match", &content.etag()).await.expect(304);
    let small = desk.get(&format!("{}/thumbnail", place(&made))).await.expect(200);
    let picture = image::load_from_memory_with_format(&small.bytes, ImageFormat::Jpeg).unwrap();
    assert_eq!((picture.width(), picture.height()), (400, 200));
    // sealed at rest: nothing of it lies open in the folder
    assert_eq!(files(&folder(&app)), 2);
    let told = app.supervisor().get(&format!("/petitions/{id}/events")).await.expect(200);
    let event = told.items().iter().find(|e| e["act"] == "attachment_added").unwrap();
    assert_eq!(event["changes"]["sha256"], shown.body["sha256"], "{event}");
    assert_eq!(event["changes"]["sealed"]["name"], "身份证 正面.png", "{event}");
}

#[tokio::test]
async fn every_kind_that_is_taken_comes_back_as_it_was() {
    let app = TestApp::start().await;
    let (desk, id) = (app.desk(), app.register(claim()).await.id());
    let large: Vec<u8> = [b"%PDF-1.7\n".to_vec(), (0..20 * MIB - 9).map(|i| (i % 251) as u8).collect()].concat();
    for (name, content, stated, kind) in [
        ("a.txt", LETTER.as_bytes().to_vec(), "text/plain; charset=utf-8", "text/plain"),
        ("b.pdf", b"%PDF-1.4 ...".to_vec(), "application/octet-stream", "application/pdf"),
        ("c.m4a", b"\0\0\0\x20ftypM4A \0\0\0\0".to_vec(), "audio/x-m4a", "audio/mp4"),
        ("broken.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "image/png", "image/png"),
        ("whole.pdf", large, "application/pdf", "application/pdf"),
    ] {
        let made = upload(&desk, &id, "", name, content.clone(), stated).await.expect(201);
        let shown = desk.get(&place(&made)).await.expect(200);
        assert_eq!((shown.body["media_type"].as_str(), &shown.body["thumbnail"]), (Some(kind), &json!(false)), "{name}");
        let back = desk.get(&format!("{}/content", place(&made))).await.expect(200);
        assert!(back.bytes == content, "{name}: {} bytes came back", back.bytes.len());
        assert_eq!(back.header("content-type"), Some(kind));
        desk.get(&format!("{}/thumbnail", place(&made))).await.expect(404);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_file_is_said_and_nothing_is_kept() {
    let app = TestApp::start().await;
    let (desk, id) = (app.desk(), app.register(claim()).await.id());
    let (photo, unknown) = (photograph(8, 8), app.unknown_id().to_string());
    let v4 = "9b2e1d8c-5b1f-4c3e-8f43-0a1b2c3d4e5f";
    let mut huge = photo.clone();
    huge[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
    let bomb = bomb();
    let delivery = format!("?about=delivery&about_id={unknown}");
    let (no_name, odd, v4) = ("?about=delivery".to_owned(), format!("?about_id={unknown}"), format!("?id={v4}"));
    type Case<'a> = (&'a str, &'a str, &'a [u8], &'a str, &'a [(&'a str, &'a str)]);
    let cases: [Case<'_>; 14] = [
        ("", "a.txt", b"", "text/plain", &[("", "file_empty")]),
        ("", "a.jpg", &photo, "image/jpeg", &[("/content-type", "file_kind_differs")]),
        ("", "a.png", b"MZ\x90\0", "image/png", &[("", "file_kind_not_taken")]),
        ("", "a.txt", b"\xd7\xf0\xbe\xb4", "text/plain", &[("", "file_kind_not_taken")]),
        ("", "a.docx", b"PK\x03\x04\0\0\0\0", "application/octet-stream", &[("", "file_kind_not_taken")]),
        ("", "a.docx", &bomb, "application/octet-stream", &[("", "file_swells")]),
        ("", "../../etc/passwd", b"a", "text/plain", &[("/content-disposition", "file_name_unsafe")]),
        ("", "photo_\u{202e}gpj.exe", b"a", "text/plain", &[("/content-disposition", "file_name_unsafe")]),
        ("", " ", b"a", "text/plain", &[("/content-disposition", "empty")]),
        ("", &"长".repeat(201), b"", "text/plain", &[("/content-disposition", "too_long"), ("", "file_empty")]),
        (&delivery, "a.txt", b"a", "text/plain", &[("/about_id", "about_unknown")]),
        (&no_name, "a.txt", b"a", "text/plain", &[("/about_id", "required")]),
        (&odd, "a.txt", b"a", "text/plain", &[("/about_id", "about_not_expected")]),
        (&v4, "a.txt", b"a", "text/plain", &[("/id", "not_v7")]),
    ];
    for (query, name, content, kind, faults) in cases {
        upload(&desk, &id, query, name, content, kind).await.expect(422).only_faults(faults);
    }
    let call = |content: &[u8], disposition: &str, digest: &str| {
        let call = desk.call(Method::POST, &format!("/petitions/{id}/attachments")).raw_body(content, "text/plain");
        let call = if disposition.is_empty() { call } else { call.header("content-disposition", disposition) };
        if digest.is_empty() { call } else { call.header("content-digest", digest) }
    };
    let good = "attachment; filename=\"a.txt\"";
    for (disposition, digest, faults) in [
        ("", "", &[("/content-disposition", "required")]),
        ("attachment", "", &[("/content-disposition", "bad_form")]),
        ("attachment; filename*=GBK''%D7%F0", "", &[("/content-disposition", "bad_form")]),
        (good, &*digest(b"b"), &[("/content-digest", "file_digest_differs")]),
        (good, "sha-256=:nothing:", &[("/content-digest", "bad_form")]),
        (good, "sha-256=YQ==", &[("/content-digest", "bad_form")]),
    ] {
        call(b"a", disposition, digest).await.expect(422).only_faults(faults);
    }
    upload(&desk, &id, "", "a.zip", "PK", "application/zip").await.expect(415).problem("file_kind_not_taken");
    upload(&desk, &id, "", "a.txt", "a", "text/plain; charset=gbk").await.expect(415);
    upload(&desk, &id, "", "a.txt", "a", "text/plain").header("content-encoding", "gzip").await.expect(415);
    upload(&desk, &id, "?of=x", "a.txt", "a", "text/plain").await.expect(400);
    upload(&desk, &id, "?about=nothing", "a.txt", "a", "text/plain").await.expect(400);
    assert_eq!(rows(&app).await, [0, 0, 0]);
    assert_eq!(files(&folder(&app)), 0);
    // a picture nobody can afford to decode is taken, without a thumbnail
    let made = upload(&desk, &id, "", "huge.png", huge, "image/png").await.expect(201);
    assert_eq!(desk.get(&place(&made)).await.expect(200).body["thumbnail"], false);
}

/// A document of one entry that says it unpacks to 4 GiB.
fn bomb() -> Vec<u8> {
    let entry = |name: &str| {
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        [&b"PK\x01\x02"[..], &[0; 20], &[0xff; 4], &length, &[0; 16], name.as_bytes()].concat()
    };
    let directory = [entry("[Content_Types].xml"), entry("word/document.xml")].concat();
    let start = b"PK\x03\x04".to_vec();
    let length = u32::try_from(directory.len()).unwrap().to_le_bytes();
    [&start[..], &directory, b"PK\x05\x06\0\0\0\0\x02\0\x02\0", &length, &4u32.to_le_bytes(), &[0, 0]].concat()
}

#[tokio::test]
async fn what_is_too_long_is_not_read_to_its_end() {
    let app = TestApp::start().await;
    let (desk, id) = (app.desk(), app.register(claim()).await.id());
    let path = app.url(&format!("/api/v1/petitions/{id}/attachments"));
    let chunks = futures_util::stream::iter((0..21).map(|_| Ok::<_, std::io::Error>(vec![b'a'; MIB])));
    let call = reqwest::Client::new().post(path).bearer_auth(desk.token().unwrap()).header("content-disposition", named("a.txt"));
    // of unknown length; the connection may be gone before all is sent
    if let Ok(answer) = call.body(reqwest::Body::wrap_stream(chunks)).send().await {
        assert_eq!(answer.status(), 413);
    }
    let announced = format!(
        "POST /api/v1/petitions/{id}/attachments HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n\r\n",
        desk.token().unwrap(),
        21 * MIB
    );
    let mut stream = TcpStream::connect(app.url("").trim_start_matches("http://")).unwrap();
    stream.write_all(announced.as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let answered = tokio::task::spawn_blocking(move || {
        let mut start = [0; 12];
        std::io::Read::read_exact(&mut stream, &mut start).map(|()| start)
    });
    assert_eq!(&answered.await.unwrap().unwrap(), b"HTTP/1.1 413", "answered before a byte of it was sent");
    app.advance(chrono::Duration::hours(25));
    retention::forget(&app.platform).await.unwrap();
    assert_eq!(rows(&app).await, [0, 0, 0]);
    assert_eq!(files(&folder(&app)), 0);
}

#[tokio::test]
async fn sending_it_again_is_harmless_and_a_content_is_kept_once() {
    let app = TestApp::start().await;
    let (desk, id, other) = (app.desk(), app.register(claim()).await.id(), app.register(claim()).await.id());
    let first = upload(&desk, &id, "", "a.txt", LETTER, "text/plain").await.expect(201);
    let again = upload(&desk, &id, "", "a.txt", LETTER, "text/plain").await.expect(201);
    assert_eq!(place(&first), place(&again));
    assert_eq!(rows(&app).await, [1, 1, 0]);
    // under another name, and with another petition, it is another attachment of the same content
    upload(&desk, &id, "", "b.txt", LETTER, "text/plain").await.expect(201);
    upload(&desk, &other, "", "a.txt", LETTER, "text/plain").await.expect(201);
    assert_eq!(rows(&app).await, [3, 1, 0]);
    assert_eq!(files(&folder(&app)), 1);
    let query = format!("?id={}", app.unknown_id());
    let named = upload(&desk, &id, &query, "c.txt", LETTER, "text/plain").await.expect(201);
    assert!(place(&named).ends_with(&query[4..]));
    let replayed = upload(&desk, &id, &query, "c.txt", LETTER, "text/plain").await.expect(201);
    assert_eq!(replayed.header("idempotency-replayed"), Some("true"));
    upload(&desk, &id, &query, "c.txt", "another", "text/plain").await.expect(409).problem("id_taken");
    upload(&app.supervisor(), &id, &query, "d.txt", LETTER, "text/plain").await.expect(409).problem("id_taken");
    let keyed = || upload(&desk, &id, "", "e.txt", LETTER, "text/plain").idempotency_key("one");
    let (one, two) = (keyed().await.expect(201), keyed().await.expect(201));
    assert_eq!((place(&one), two.header("idempotency-replayed")), (place(&two), Some("true")));
    upload(&desk, &id, "", "e.txt", "else", "text/plain")
        .idempotency_key("one")
        .await
        .expect(422)
        .only_faults(&[("", "idempotency_key_reused")]);
    // twenty at once
    let at_once = futures_util::future::join_all((0..20).map(|n| {
        let (desk, id) = (desk.clone(), id.clone());
        async move { upload(&desk, &id, "", &format!("f{}.txt", n % 4), "gleichzeitig", "text/plain").await.expect(201) }
    }));
    let places: std::collections::BTreeSet<String> = at_once.await.iter().map(place).collect();
    assert_eq!(places.len(), 4);
    assert_eq!(rows(&app).await, [9, 2, 0]);
    assert_eq!(files(&folder(&app)), 2);
}

#[tokio::test]
async fn it_is_seen_and_enclosed_by_those_whose_petition_it_is() {
    let app = TestApp::start().await;
    let (desk, id, other) = (app.desk(), app.register(claim()).await.id(), app.register(claim()).await.id());
    let made = place(&upload(&desk, &id, "", "a.txt", LETTER, "text/plain").await.expect(201));
    let stranger = app.by("finance_officer");
    for below in ["", "/content", "/thumbnail"] {
        stranger.get(&format!("{made}{below}")).await.expect(404);
        desk.get(&format!("{}{below}", made.replace(&id, &other))).await.expect(404);
    }
    stranger.get(&format!("/petitions/{id}/attachments")).await.expect(404);
    upload(&stranger, &id, "", "a.txt", LETTER, "text/plain").await.expect(404);
    upload(&app.leader(), &id, "", "a.txt", LETTER, "text/plain").await.expect(403);
    upload(&app.auditor(), &id, "", "a.txt", LETTER, "text/plain").await.expect(403);
    // a digest is no content: who knows of one only gets nothing by it
    let known = digest(LETTER.as_bytes());
    let call = upload(&desk, &other, "", "a.txt", "", "text/plain").header("content-digest", &known);
    call.await.expect(422).only_faults(&[("/content-digest", "file_digest_differs"), ("", "file_empty")]);
    desk.delete(&made).await.expect(405);
    assert_eq!(rows(&app).await, [1, 1, 0]);
}

#[tokio::test]
async fn a_signed_receipt_belongs_to_its_delivery() {
    let app = TestApp::start().await;
    let (id, other) = (app.delivered(claim(), "medical").await, app.delivered(claim(), "medical").await);
    let delivery = |id: String| {
        let officer = app.officer();
        async move { officer.get(&format!("/petitions/{id}/deliveries")).await.expect(200).text("/items/0/id") }
    };
    let (mine, theirs) = (delivery(id.clone()).await, delivery(other).await);
    let query = |of: &str| format!("?about=delivery&about_id={of}");
    let made = upload(&app.officer(), &id, &query(&mine), "回执.png", photograph(20, 20), "image/png").await.expect(201);
    let shown = app.officer().get(&place(&made)).await.expect(200);
    assert_eq!((&shown.body["about"], &shown.body["about_id"]), (&json!("delivery"), &json!(mine)));
    let wrong = upload(&app.officer(), &id, &query(&theirs), "回执.png", photograph(20, 20), "image/png").await.expect(422);
    wrong.only_faults(&[("/about_id", "about_unknown")]);
}

#[tokio::test]
async fn who_hangs_up_in_the_middle_leaves_nothing() {
    let app = TestApp::start().await;
    let (desk, id) = (app.desk(), app.register(claim()).await.id());
    let head = format!(
        "POST /api/v1/petitions/{id}/attachments HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-disposition: {}\r\ncontent-length: {}\r\n\r\n",
        desk.token().unwrap(),
        named("a.txt"),
        12 * MIB
    );
    let address = app.url("").trim_start_matches("http://").to_owned();
    let sent = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&vec![b'a'; 8 * MIB]).unwrap();
    });
    sent.await.unwrap();
    for _ in 0..200 {
        if rows(&app).await[2] == 1 && files(&folder(&app)) == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(rows(&app).await, [0, 0, 1], "begun, and known to be");
    assert_eq!(files(&folder(&app)), 0);
    retention::forget(&app.platform).await.unwrap();
    assert_eq!(rows(&app).await, [0, 0, 1], "it may still be on its way");
    app.advance(chrono::Duration::hours(25));
    retention::forget(&app.platform).await.unwrap();
    assert_eq!(rows(&app).await, [0, 0, 0]);
    upload(&app.desk(), &id, "", "a.txt", LETTER, "text/plain").await.expect(201);
    app.advance(chrono::Duration::hours(25));
    retention::forget(&app.platform).await.unwrap();
    assert_eq!((rows(&app).await, files(&folder(&app))), ([1, 1, 0], 1), "what is enclosed stays");
}

#[tokio::test]
async fn a_store_that_fails_is_busy_and_nothing_is_half_stored() {
    let app = TestApp::start().await;
    let (desk, id) = (app.desk(), app.register(claim()).await.id());
    // a file where the folder should be: the superuser of a test may write anywhere else
    std::fs::write(folder(&app), "in the way").unwrap();
    let refused = upload(&desk, &id, "", "a.txt", LETTER, "text/plain").await.expect(503).problem("busy");
    assert!(refused.header("retry-after").is_some(), "{refused}");
    assert_eq!(rows(&app).await[..2], [0, 0]);
    std::fs::remove_file(folder(&app)).unwrap();
    let made = place(&upload(&desk, &id, "", "a.txt", LETTER, "text/plain").await.expect(201));
    // and where a folder was that is gone
    std::fs::remove_dir_all(folder(&app)).unwrap();
    std::fs::write(folder(&app), "in the way").unwrap();
    upload(&desk, &id, "", "b.txt", "another", "text/plain").await.expect(503);
    desk.get(&made).await.expect(200);
    let lost = desk.get(&format!("{made}/content")).await;
    assert!([500, 503].contains(&lost.status), "{lost}");
    assert_eq!(rows(&app).await[..2], [1, 1]);
}
