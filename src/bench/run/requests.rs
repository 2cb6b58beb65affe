//! What the load says: petitions as a desk takes them down, no two alike.

use super::client::{Call, Connection, Failure};
use std::cell::Cell;

const JSON: &str = "application/json";

struct Matter {
    channel: &'static str,
    place: &'static str,
    category: &'static str,
    title: &'static str,
    statement: &'static str,
    purpose: &'static str,
}

/// From some 300 bytes to about a kilobyte of text, as letters and visits are.
const MATTERS: &[Matter] = &[
    Matter {
        channel: "visit",
        place: "desk",
        category: "medical.remote",
        title: "异地就医住院费一年多未报销",
        statement: "本人退休后随女儿住在省城，去年十月突发心梗住院十九天，共花费四万六千余元。出院后把发票、病历、费用清单都交到了科里，\
                    答复说没有办异地备案，要补手续。手续补了三次，每次说法都不一样，至今没有报下来。我每月的药费还要自己垫，实在垫不起了。\
                    请领导派人核实一下，到底还缺什么材料，能报多少，什么时候能报。",
        purpose: "核实并报销异地住院费用，一次告知所缺材料",
    },
    Matter {
        channel: "letter",
        place: "other",
        category: "housing.subsidy",
        title: "住房补贴差额二十年未补发",
        statement: "我是一九九六年退休的，当时分的住房只有四十二平方米，低于本人职级应享受的面积标准。二〇〇三年单位统一核算住房补贴差额，\
                    同一批的几位老同志都领到了，唯独我的一份因为档案里缺一张房改申请表没有核下来。这些年我先后向原单位、房改办、老干部局反映过，\
                    每个部门都说材料不在自己这里。去年党支部书记陪我去档案馆查，找到了当年的房改审批底册，上面有我的名字和核定面积，复印件随信附上。\
                    我今年八十七岁，老伴常年卧床，请组织上念在我们年事已高，指定一个部门牵头把这件事弄清楚：该补的补，不该补的也请给一个书面的答复，\
                    写明依据的是哪一条规定，不要再让我们老两口来回跑了。",
        purpose: "补发住房补贴差额，或者书面说明不予补发的依据",
    },
    Matter {
        channel: "phone",
        place: "desk",
        category: "allowance.heating",
        title: "取暖补贴未到账",
        statement: "去年冬天的取暖补贴别的老同志春节前都领到了，我的到现在没有。银行卡没换过，单位也没有通知我补什么材料。我腿脚不便，不能去窗口，请帮我查一查是哪里出了问题。",
        purpose: "查明原因并补发取暖补贴",
    },
    Matter {
        channel: "home_visit",
        place: "home",
        category: "survivor.pension",
        title: "遗属生活困难补助标准偏低",
        statement: "老伴去年病故，他是一九四九年以前参加工作的。按照规定我可以享受遗属生活困难补助，但是现在发的还是五年前的标准，\
                    比邻县同样情况的低了三百多元。我没有退休金，身体又不好，每个月看病吃药都靠这笔钱。想请问补助标准什么时候调整，能不能按新标准补上差额。",
        purpose: "按现行标准调整遗属补助",
    },
    Matter {
        channel: "online",
        place: "other",
        category: "care.clinic",
        title: "搬迁后离社区医院太远，希望送医上门",
        statement: "我们小区整体搬迁到城北以后，最近的社区卫生服务站有四公里，没有直达的公交车。楼里住着三十多位离退休老人，多数在八十岁以上，\
                    好几位行动不便。以前每月有医生上门量血压、送慢病药，搬迁后就停了。希望恢复上门服务，或者在小区设一个服务点，哪怕每周来两次也好。",
        purpose: "恢复送医上门服务或者设立服务点",
    },
];

const SURNAMES: &[&str] = &["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林"];
const GIVEN: &[&str] =
    &["建国", "秀英", "桂兰", "志远", "玉芬", "国强", "淑珍", "德明", "凤英", "文华", "永康", "素琴", "振邦", "丽娟", "守业", "春梅"];

/// Well spread bits of a number (splitmix64), the same for the same number.
pub fn mixed(n: u64) -> u64 {
    let mut z = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// One of a list.
fn one_of<T>(list: &[T], bits: u64) -> Option<&T> {
    list.get(usize::try_from(bits % list.len().max(1) as u64).unwrap_or(0))
}

/// The body of a registration, the same for the same number.
pub fn petition(n: u64) -> String {
    let bits = mixed(n);
    let matter = one_of(MATTERS, bits).unwrap_or(&MATTERS[0]);
    let (surname, given) = (one_of(SURNAMES, bits >> 8).unwrap_or(&""), one_of(GIVEN, bits >> 16).unwrap_or(&""));
    let (year, month, day) = (1930 + bits % 32, 1 + (bits >> 24) % 12, 1 + (bits >> 32) % 28);
    let woman = bits & (1 << 40) != 0;
    let order = ((bits >> 41) % 500) * 2 + u64::from(!woman);
    let identity = with_check(&format!("330127{year}{month:02}{day:02}{order:03}"));
    let (phone, house) = (bits % 1_0000_0000, 1 + (bits >> 48) % 99);
    let sex = if woman { "female" } else { "male" };
    let Matter { channel, place, category, title, statement, purpose } = matter;
    format!(
        r#"{{"channel":"{channel}","intake_place":"{place}","kind":"claim","category":"{category}","title":"{title}","statement":"{statement}","purpose":"{purpose}","parties":[{{"role":"petitioner","name":"{surname}{given}","identity_number":"{identity}","sex":"{sex}","birth_date":"{year}-{month:02}-{day:02}","phone":"138{phone:08}","address":"样例县城东街道和平路{house}号"}}]}}"#
    )
}

/// An identity number with its check character (GB 11643).
fn with_check(digits: &str) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
    let check = b"10X98765432"[(sum % 11) as usize];
    format!("{digits}{}", char::from(check))
}

/// Numbers calls through, so that no petition is registered twice.
pub struct Serial {
    run: String,
    n: Cell<u64>,
}

impl Serial {
    /// Keys that begin with the run's name.
    pub fn new(run: String) -> Self {
        Self { run, n: Cell::new(0) }
    }

    fn next(&self) -> u64 {
        self.n.replace(self.n.get() + 1)
    }
}

/// Registers a petition under an idempotency key, as the desk's page and phones do.
///
/// # Errors
/// Anything but a 201.
pub async fn register(connection: &mut Connection, token: &str, serial: &Serial) -> Result<(String, String), Failure> {
    let n = serial.next();
    let (key, body) = (format!("{}-{n}", serial.run), petition(n));
    let headers = [("Idempotency-Key", key.as_str())];
    let call = Call { method: "POST", path: "/api/v1/petitions", token: Some(token), headers: &headers, body: Some((JSON, &body)) };
    let reply = connection.send(call).await?.held_to(201, "{\"id\":\"")?;
    Ok((reply.text("id")?.to_owned(), tag(reply.header("etag"))?))
}

/// Registers a petition of whose title one word stands in no other; gives that word.
///
/// # Errors
/// Anything but a 201.
pub async fn register_a_word(connection: &mut Connection, token: &str, serial: &Serial) -> Result<String, Failure> {
    let n = serial.next();
    let word: String = format!(
        "w{:016x}",
        mixed(n ^ mixed(serial.run.bytes().map(u64::from).fold(0, |all: u64, b| all.wrapping_mul(31).wrapping_add(b))))
    );
    let (key, body) = (format!("{}-{n}", serial.run), petition(n).replacen("\"title\":\"", &format!("\"title\":\"{word} "), 1));
    let headers = [("Idempotency-Key", key.as_str())];
    let call = Call { method: "POST", path: "/api/v1/petitions", token: Some(token), headers: &headers, body: Some((JSON, &body)) };
    connection.send(call).await?.held_to(201, "{\"id\":\"").map(|_| word)
}

/// An act on a petition whose version the caller has seen; gives the version after it.
///
/// # Errors
/// Anything but a 201.
pub async fn act(
    connection: &mut Connection,
    (method, path): (&str, &str),
    token: &str,
    seen: &str,
    body: &str,
) -> Result<String, Failure> {
    let call = Call { method, path, token: Some(token), headers: &[("If-Match", seen)], body: Some((JSON, body)) };
    let reply = connection.send(call).await?.held_to(201, "{\"id\":\"")?;
    tag(reply.header("etag"))
}

fn tag(found: Option<&str>) -> Result<String, Failure> {
    found.map(str::to_owned).ok_or(Failure::Unexpected("an answer without an entity-tag"))
}

/// Reads something that must be there and begin so.
///
/// # Errors
/// Anything but a 200 with that beginning.
pub async fn read(connection: &mut Connection, path: &str, token: Option<&str>, beginning: &str) -> Result<(), Failure> {
    connection.send(Call { method: "GET", path, token, ..Call::default() }).await?.held_to(200, beginning).map(|_| ())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn petitions_are_well_formed_and_differ() {
        assert_eq!(with_check("11010519491231002"), "11010519491231002X");
        let mut seen = std::collections::BTreeSet::new();
        for n in 0..2000 {
            let body = petition(n);
            let parsed: Value = serde_json::from_str(&body).unwrap();
            let person = &parsed["parties"][0];
            let (identity, born) = (person["identity_number"].as_str().unwrap(), person["birth_date"].as_str().unwrap());
            assert_eq!((identity.len(), &identity[6..14]), (18, born.replace('-', "").as_str()));
            assert!((500..2500).contains(&body.len()), "{}", body.len());
            seen.insert(body);
        }
        assert!(seen.len() > 1990);
    }
}
