//! The commands about calendars, run as a person at a terminal runs them.

use super::harness::Database;
use std::fs;
use std::path::Path;
use std::process::Command;
use xinfang::platform::db::DatabaseUrl;

/// What a command said: whether it was done, its standard output, its standard error.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs the program in a folder, with nothing of the environment that could name a database.
fn run(folder: &Path, line: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xinfang"));
    command.current_dir(folder).args(line).env_remove("LANG").env_remove("LC_ALL").env_remove("LC_MESSAGES").env_remove("RUST_LOG");
    for name in ["XINFANG_DATABASE_URL", "XINFANG_CONFIG", "XINFANG_KEY_FILE", "XINFANG_OFFICE_ZONE"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

fn url(database: &Database) -> String {
    match &database.url {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Pg(url) => url.clone(),
    }
}

#[test]
fn the_calculator_makes_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let said = run(folder.path(), &["due", "2026-02-13", "5", "working"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("the last day is 2026-02-27") && said.out.contains("shipped with the program"), "{}", said.out);
    let said = run(folder.path(), &["due", "2026-08-02", "60", "calendar", "--roll", "forward", "--lang", "zh"]);
    assert!(said.out.contains("期限最后一日为 2026-10-08") && said.out.contains("程序自带"), "{}", said.out);
    for (line, code) in [
        (&["due", "2026-02-30", "5", "working"][..], 2),
        (&["due", "2026-02-13", "0", "working"], 2),
        (&["due", "2026-02-13", "3661", "working"], 2),
        (&["due", "2026-02-13", "5", "hours"], 2),
        (&["due", "2026-02-13", "5"], 2),
        (&["due", "2026-02-13", "5", "working", "--calendar", "uk"], 1),
        (&["due", "2026-02-13", "5", "working", "--database-url", "sqlite:none.db"], 1),
    ] {
        let said = run(folder.path(), line);
        assert!(said.code == Some(code) && said.out.is_empty() && !said.err.contains("panicked"), "{line:?}: {:?} {}", said.code, said.err);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "the folder is as it was");
}

#[test]
fn a_year_is_imported_from_a_file_and_counted_by() {
    let database = Database::office();
    let (url, folder) = (url(&database), tempfile::tempdir().unwrap());
    let key = database.key_file.display().to_string();
    let file = |name: &str, content: &str| fs::write(folder.path().join(name), content).unwrap();
    let on = |line: &[&str]| run(folder.path(), &[line, &["--database-url", &url, "--key-file", &key]].concat());
    file("2027.json", r#"{"years": {"2027": {"days": [{"date": "2027-01-01", "kind": "public_holiday", "name": "元旦"}]}}}"#);
    let said = on(&["calendar", "import", "2027.json"]);
    assert_eq!((said.code, said.err.as_str()), (Some(1), "xinfang: years/2027/source: This is required.\n"));
    let said = on(&["calendar", "import", "2027.json", "--source", "通知", "--reason", "公布"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), "calendar cn: version 2 is published, with 2027\n"), "{}", said.err);
    let said = on(&["calendar", "import", "2027.json", "--source", "通知"]);
    assert_eq!(said.out, "calendar cn: nothing new, version 2 says the same of 2027\n", "{}", said.err);
    file(
        "2028.ics",
        "BEGIN:VCALENDAR\r\nX-WR-CALNAME:x\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20280501\r\nSUMMARY:劳动节\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    );
    assert_eq!(on(&["calendar", "import", "2028.ics"]).out, "calendar cn: version 3 is published, with 2028\n");
    // counted by the database that is named
    let said = on(&["due", "2026-12-31", "1", "working"]);
    assert!(
        said.out.contains("the last day is 2027-01-04") && said.out.contains("version 3, of the database"),
        "{} {}",
        said.out,
        said.err
    );
    // or that stands there
    if let DatabaseUrl::Sqlite(path) = &database.url {
        let said = run(path.parent().unwrap(), &["due", "2026-12-31", "1", "working"]);
        assert!(said.out.contains("version 3, of the database xinfang.db"), "{} {}", said.out, said.err);
    }

    for (name, content, why) in [
        ("empty.json", "", "not readable JSON"),
        ("list.json", "[]", "it holds no JSON object"),
        ("none.json", r#"{"years": {}}"#, "years: This must not be empty."),
        ("empty.ics", "", "can't be read as an iCalendar file"),
        (
            "twice.ics",
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:y\nEND:VEVENT\nEND:VCALENDAR",
            "\nVEVENT/1/DTSTART: \"y\"",
        ),
    ] {
        file(name, content);
        let said = on(&["calendar", "import", name]);
        assert!(said.code == Some(1) && said.err.contains(why), "{name}: {:?} {}", said.code, said.err);
    }
    file("large.json", &" ".repeat(1 << 20));
    assert!(on(&["calendar", "import", "large.json"]).err.contains("larger than a calendar"));
    assert!(on(&["calendar", "import", "2028.ics", "--calendar", "uk"]).err.contains("there is no calendar `uk`"));
    let version = on(&["due", "2026-12-31", "1", "working"]).out;
    assert!(version.contains("version 3"), "{version}");
}
