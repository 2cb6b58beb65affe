//! People who do not exist: the same number is always the same person.

use crate::person::identity::check_character;
use crate::person::{Sex, Spelled};
use chrono::{Days, NaiveDate};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// Someone who files petitions.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) spelled: Spelled,
    pub(super) born: NaiveDate,
    pub(super) phone: String,
    pub(super) identity: String,
    pub(super) address: String,
}

const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";
const WOMEN: &str = "秀英桂兰玉珍凤淑芬素芳梅琴惠霞丽云爱莲月娥华萍翠红琼瑞洁";
const MEN: &str = "建国志明德福永成文武光荣忠良树林海山学军振华金生玉宝庆祥保长春贵有才";
const STREETS: [&str; 12] =
    ["和平路", "解放街", "人民路", "柳堤巷", "前进街", "建设路", "文化巷", "河滨路", "光明街", "东风路", "新华巷", "平安里"];
const QUARTERS: [&str; 5] = ["城东街道", "城西街道", "河湾街道", "北关镇", "南山乡"];
impl Person {
    /// The `number`-th person of a world; retirees of 60 to 98 when the world is `today`.
    pub(super) fn of(world: u64, number: u64, sex: Option<Sex>, today: NaiveDate) -> Self {
        let female = sex.map_or(number.is_multiple_of(2), |sex| sex == Sex::Female);
        let mut rng =
            StdRng::seed_from_u64(world ^ number.wrapping_mul(2).wrapping_add(u64::from(female)).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut name = String::with_capacity(12);
        name.extend(one(&mut rng, SURNAMES));
        let given = if female { WOMEN } else { MEN };
        for _ in 0..if rng.random_ratio(1, 6) { 1 } else { 2 } {
            name.extend(one(&mut rng, given));
        }
        // two draws: most are between 68 and 88
        let days = 365 * 60 + rng.random_range(0..365 * 19) + rng.random_range(0..365 * 19);
        let born = today.checked_sub_days(Days::new(days)).unwrap_or(today);
        let (quarter, street) = (rng.random_range(0..QUARTERS.len()), rng.random_range(0..STREETS.len()));
        let address =
            format!("样例县{}{}{}号{}室", QUARTERS[quarter], STREETS[street], rng.random_range(1..200), rng.random_range(101..640));
        Self {
            spelled: Spelled::of(&name),
            name,
            born,
            // no network has numbers that begin so
            phone: format!("120{:08}", rng.random_range(0..100_000_000)),
            identity: identity(born, 2 * rng.random_range(0..500) + u32::from(!female)),
            address,
        }
    }
}

fn one(rng: &mut StdRng, of: &str) -> Option<char> {
    // every character in these has three bytes
    let at = rng.random_range(0..of.len() / 3) * 3;
    of.get(at..)?.chars().next()
}

/// A well-formed identity number of a region there is none of.
fn identity(born: NaiveDate, serial: u32) -> String {
    let mut number = format!("999001{}{serial:03}", born.format("%Y%m%d"));
    number.extend(check_character(&number));
    number
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_always_the_same_person_and_others_are_others() {
        let today = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        let of = |number| Person::of(1, number, Some(Sex::Female), today);
        assert_eq!((of(5).name, of(5).identity), (of(5).name, of(5).identity));
        let people: Vec<Person> = (0..2000).map(of).collect();
        let identities: std::collections::HashSet<&str> = people.iter().map(|p| p.identity.as_str()).collect();
        assert!(identities.len() > 1990, "{}", identities.len());
        for person in &people {
            assert!((2..=3).contains(&person.name.chars().count()), "{}", person.name);
            assert_eq!((person.identity.len(), person.phone.len()), (18, 11));
            assert!((60..=98).contains(&person.born.years_since_until(today)), "{}", person.born);
        }
    }

    trait Years {
        fn years_since_until(self, today: NaiveDate) -> u32;
    }

    impl Years for NaiveDate {
        fn years_since_until(self, today: NaiveDate) -> u32 {
            today.years_since(self).unwrap()
        }
    }
}
