//! The scores against pairs that somebody has labelled: repeats, and what only looks like one.

use super::rules::{Compared, LIKELY, SameMatter, Somebody, same_person, score};
use chrono::NaiveDate;

/// A person in short: name, year of birth (0 unknown), last digits of the identity number and of the telephone (0 none).
type Person = (&'static str, i32, u8, u8);
/// Title, category, what is said.
type Words = (&'static str, &'static str, &'static str);

fn somebody((name, year, identity, phone): Person) -> Somebody {
    let number = |n: u8| (n > 0).then(|| vec![n]);
    Somebody {
        identity: number(identity),
        phone: number(phone),
        retiree: None,
        name: name.to_owned(),
        born: NaiveDate::from_ymd_opt(year, 5, 12).filter(|_| year > 0),
    }
}

fn scored(one: (Person, Words), other: (Person, Words), same_unit: bool) -> u8 {
    let person = same_person(&somebody(one.0), &somebody(other.0), same_unit);
    if person.weight == 0 {
        return 0;
    }
    let alike = |a: &str, b: &str| Compared::of(a).alike(&Compared::of(b));
    let matter = SameMatter {
        titles: alike(one.1.0, other.1.0),
        statements: alike(one.1.2, other.1.2),
        category: (!one.1.1.is_empty() && !other.1.1.is_empty()).then_some(one.1.1 == other.1.1),
    };
    score(&person, false, &matter).0
}

const REMOTE: Words =
    ("异地就医住院费未报销", "medical.remote", "本人去年十月在省城女儿家突发心梗住院，共花费4.6万元，回来后多次送材料，至今没有报销。");
const REMOTE_AGAIN: Words = (
    "再次反映：异地就医住院费未报销",
    "medical.remote",
    "去年十月我在省城女儿家心梗住院花了4.6万元，材料送了三次，到现在还没有报销，请再问一问。",
);
const REMOTE_SHORT: Words = ("住院费还没有报销", "medical.remote", "省城住院的4.6万元还没有报销，我已反映过一次。");
const DRUGS: Words = ("慢性病药品目录内买不到", "medical.drugs", "高血压的药县医院一直没有货，要到市里去开，来回一趟不方便。");
const DRUGS_AGAIN: Words = ("慢性病用药县医院没有货", "medical.drugs", "我的高血压药县医院还是没有货，又到市里去开了一次，请帮助协调。");
const HEATING: Words = ("两年取暖补贴未发", "allowance.heating", "前年和去年的取暖补贴都没有到账，问了社区说要问单位。");
const HEATING_AGAIN: Words =
    ("取暖补贴两年未发", "allowance.heating", "取暖补贴还是没有到账，前年和去年的都没有，社区让问单位，单位让问社区。");
const HEATING_YEAR: Words = ("今年取暖补贴标准咨询", "allowance.heating", "想问问新小区集中供热以后补助按什么面积算，需要交哪些票据。");
const HOUSING: Words = ("住房补贴差额未补发", "housing.subsidy", "房改时面积差额的补贴批了一直没有补发，和我同批的人已经领到了。");
const HOUSING_AGAIN: Words = ("住房补贴差额还没补发", "housing.subsidy", "面积差额的住房补贴还没有补发，同批的人都领到了，只有我没有。");
const PENSION: Words = ("养老金工龄少算三年", "pension.years", "下乡插队的三年没有算进工龄，档案里有知青登记表，请重新核定。");
const PENSION_AGAIN: Words = ("知青三年工龄没有算", "pension.years", "插队三年有知青登记表在档案里，工龄一直没有算进去，再次请求核定。");
const LIFT: Words = ("小区加装电梯受阻", "community.property", "三单元加装电梯低层住户不同意，我八十二岁每天爬五楼。");
const SPORTS: Words = ("老年运动场夜间无灯", "activity.venues", "门球场晚上没有灯，建议装两盏。");
const NOTHING: Words = ("", "", "");

/// An earlier filing, a later one, whether at the same unit, whether it is a repeat.
type Pair = ((Person, Words), (Person, Words), bool, bool);

/// What clerks would call a repeat, and what not.
fn labelled() -> Vec<Pair> {
    let zhang: Person = ("张建国", 1943, 1, 11);
    let no_card: Person = ("张建国", 1943, 0, 11);
    let only_name: Person = ("张建国", 0, 0, 0);
    let name_and_birth: Person = ("张建国", 1943, 0, 0);
    let namesake: Person = ("张建国", 1951, 0, 12);
    let other_card: Person = ("张建国", 1943, 9, 0);
    let new_phone: Person = ("张建国", 1943, 1, 13);
    let daughter: Person = ("张敏", 1970, 0, 11);
    let caller: Person = ("", 0, 0, 11);
    let neighbour: Person = ("李秀兰", 1944, 2, 21);
    let written_otherwise: Person = ("張建国", 1943, 1, 0);
    vec![
        // the same person with the same matter
        ((zhang, REMOTE), (zhang, REMOTE_AGAIN), true, true),
        ((zhang, REMOTE), (no_card, REMOTE_AGAIN), true, true),
        ((zhang, REMOTE), (no_card, REMOTE_AGAIN), false, true),
        ((zhang, REMOTE), (name_and_birth, REMOTE_AGAIN), true, true),
        ((zhang, REMOTE), (new_phone, REMOTE_AGAIN), false, true),
        ((zhang, REMOTE), (new_phone, REMOTE_SHORT), false, true),
        ((zhang, REMOTE), (zhang, REMOTE_SHORT), true, true),
        ((no_card, REMOTE), (no_card, REMOTE_SHORT), true, true),
        ((zhang, DRUGS), (zhang, DRUGS_AGAIN), true, true),
        ((no_card, DRUGS), (name_and_birth, DRUGS_AGAIN), true, true),
        ((zhang, HEATING), (zhang, HEATING_AGAIN), true, true),
        ((no_card, HEATING), (no_card, HEATING_AGAIN), false, true),
        ((name_and_birth, HEATING), (name_and_birth, HEATING_AGAIN), false, true),
        ((only_name, HEATING), (only_name, HEATING_AGAIN), true, true),
        ((neighbour, HOUSING), (neighbour, HOUSING_AGAIN), true, true),
        ((neighbour, HOUSING), (("李秀兰", 1944, 0, 21), HOUSING_AGAIN), true, true),
        ((neighbour, HOUSING), (("李秀兰", 1944, 2, 0), HOUSING_AGAIN), false, true),
        ((neighbour, PENSION), (neighbour, PENSION_AGAIN), true, true),
        ((zhang, PENSION), (name_and_birth, PENSION_AGAIN), true, true),
        ((zhang, PENSION), (written_otherwise, PENSION_AGAIN), true, true),
        ((zhang, REMOTE), (caller, REMOTE_AGAIN), true, true),
        ((zhang, HEATING), (caller, HEATING_AGAIN), true, true),
        // their daughter calls from their telephone
        ((zhang, REMOTE), (daughter, REMOTE_AGAIN), true, true),
        ((zhang, HOUSING), (zhang, HOUSING_AGAIN), false, true),
        ((no_card, HOUSING), (zhang, HOUSING_AGAIN), false, true),
        // the same person with something else
        ((zhang, REMOTE), (zhang, HEATING), true, false),
        ((zhang, REMOTE), (zhang, DRUGS), true, false),
        ((zhang, REMOTE), (zhang, LIFT), true, false),
        ((zhang, HEATING), (zhang, HOUSING), true, false),
        ((zhang, HEATING), (zhang, HEATING_YEAR), true, false),
        ((no_card, HOUSING), (no_card, PENSION), true, false),
        ((no_card, LIFT), (no_card, SPORTS), true, false),
        ((neighbour, PENSION), (neighbour, LIFT), true, false),
        ((zhang, REMOTE), (zhang, NOTHING), true, false),
        ((no_card, REMOTE), (only_name, NOTHING), true, false),
        // somebody else
        ((zhang, REMOTE), (namesake, REMOTE_AGAIN), true, false),
        ((zhang, REMOTE), (namesake, HEATING), true, false),
        ((zhang, REMOTE), (other_card, REMOTE_AGAIN), true, false),
        ((zhang, HEATING), (neighbour, HEATING_AGAIN), true, false),
        ((zhang, HOUSING), (neighbour, HOUSING_AGAIN), true, false),
        ((only_name, REMOTE), (only_name, HEATING), true, false),
        ((only_name, LIFT), (("张建国", 1950, 0, 0), SPORTS), true, false),
        ((only_name, HEATING), (namesake, PENSION), false, false),
        ((zhang, LIFT), (daughter, HEATING), true, false),
        ((zhang, PENSION), (daughter, SPORTS), true, false),
        ((neighbour, LIFT), (("王丽", 1980, 0, 21), DRUGS), true, false),
        ((zhang, REMOTE), (("李建国", 1943, 0, 0), REMOTE_AGAIN), true, false),
        ((name_and_birth, LIFT), (("张建国", 1944, 0, 0), LIFT), true, false),
    ]
}

#[test]
fn precision_comes_before_recall() {
    let (mut right, mut wrong, mut missed, mut repeats) = (0, 0, 0, 0);
    for (earlier, later, same_unit, is_repeat) in labelled() {
        let (score, back) = (scored(later, earlier, same_unit), scored(earlier, later, same_unit));
        assert_eq!(score, back, "as like from either side");
        repeats += u32::from(is_repeat);
        match (score >= LIKELY, is_repeat) {
            (true, true) => right += 1,
            (true, false) => {
                wrong += 1;
                eprintln!("{score}: taken for a repeat: {:?} {} / {:?} {}", earlier.0, earlier.1.0, later.0, later.1.0);
            }
            (false, true) => {
                missed += 1;
                eprintln!("{score}: missed: {:?} {} / {:?} {}", earlier.0, earlier.1.0, later.0, later.1.0);
            }
            (false, false) => {}
        }
    }
    let percent = |part: u32, of: u32| 100 * part / of.max(1);
    let (precision, recall) = (percent(right, right + wrong), percent(right, repeats));
    eprintln!("{} pairs: precision {precision} %, recall {recall} % ({wrong} wrong, {missed} missed)", labelled().len());
    assert!(labelled().len() >= 40);
    assert_eq!(precision, 100);
    assert!(recall >= 85, "{recall}");
}

#[test]
fn whoever_can_not_be_the_same_is_nobody() {
    let zhang: Person = ("张建国", 1943, 1, 11);
    for other in [("张建国", 1951, 0, 12), ("张建国", 1943, 9, 0), ("李秀兰", 0, 0, 0), ("", 0, 0, 0)] {
        assert_eq!(same_person(&somebody(zhang), &somebody(other), true).weight, 0, "{other:?}");
    }
    // without a number a name is enough only where they know each other
    assert_eq!(same_person(&somebody(zhang), &somebody(("张建国", 0, 0, 0)), false).weight, 0);
}

#[test]
fn texts_are_compared_by_what_they_say() {
    let alike = |a: &str, b: &str| Compared::of(a).alike(&Compared::of(b));
    assert_eq!(alike("取暖补贴未发", "取暖补贴，未发。"), Some(100));
    assert_eq!(alike("取暖补贴未发", "活动室没有灯"), Some(0));
    assert_eq!(alike("补贴", "取暖补贴未发"), None, "too short to tell");
}
