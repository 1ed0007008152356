//! The chain of the audit log: what each line's hash is made of, and following it from its beginning to
//! its end.
//!
//! A hash is the SHA-256 of the JSON array of the line's number, the hash before it, and all that the
//! line says (see [`Head::next`]). It has no key: anybody can follow the chain. So whoever can write to
//! the database's file can also make the whole chain anew, and what shows that is where it ended before:
//! the desk and the program say it so that it can be noted somewhere else, and each backup holds it
//! (decision 011). Nothing here changes anything.

use crate::{
    clock::rfc3339,
    db::audit::chain::{self, LET_GO, RESTORED},
    error::Error,
};
use app::domain::time::Millis;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;
use std::{fmt::Write, str::FromStr};

/// A line of the log as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Millis,
    /// Who; nil for nobody on the staff.
    pub staff: String,
    /// What they did.
    pub action: String,
    /// What kind of thing it is about.
    pub kind: String,
    /// Which thing.
    pub subject: String,
    /// The team of it.
    pub team: Option<String>,
    /// What more there is to say.
    pub detail: Option<String>,
}

/// A place in the chain: a line's number and its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number; 0 before the first line.
    pub n: i64,
    /// 64 hexadecimal digits.
    pub hash: String,
}

/// A link of the chain, and its line if that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its place.
    pub head: Head,
    /// Its line.
    pub line: Option<Line>,
}

impl Head {
    /// Before the first line.
    pub fn start() -> Self {
        Self {
            n: 0,
            hash: "0".repeat(64),
        }
    }

    /// The place of a line that follows.
    pub fn next(&self, line: &Line) -> Self {
        let n = self.n + 1;
        let said = json!([
            n,
            self.hash,
            line.id,
            line.at,
            line.staff,
            line.action,
            line.kind,
            line.subject,
            line.team,
            line.detail
        ]);
        let mut hash = String::with_capacity(64);
        for byte in Sha256::digest(said.to_string().as_bytes()) {
            write!(hash, "{byte:02x}").expect("writing to a string cannot fail");
        }
        Self { n, hash }
    }

    /// `1234:ab12…`, whole.
    pub fn in_full(&self) -> String {
        format!("{}:{}", self.n, self.hash)
    }

    /// The beginning of the hash in groups, short enough to write down: "ab12 cd34 ef56 7890".
    pub fn short(&self) -> String {
        let groups: Vec<&str> = (0..4)
            .filter_map(|at| self.hash.get(at * 4..at * 4 + 4))
            .collect();
        groups.join(" ")
    }
}

/// A place that was noted: a number, and how its hash begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// The number.
    pub n: i64,
    /// At least eight hexadecimal digits.
    pub begins: String,
}

impl From<Head> for Noted {
    fn from(head: Head) -> Self {
        Self {
            n: head.n,
            begins: head.hash,
        }
    }
}

impl FromStr for Noted {
    type Err = String;

    /// `1234:ab12cd34…` or "1,234 ab12 cd34", as it was written down.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write it as NUMBER:HASH, with at least 8 letters of the hash".to_owned();
        let text = text.trim();
        let at = text.find([':', ' ']).ok_or_else(wrong)?;
        let (number, hash) = text.split_at(at);
        let begins: String = hash.chars().filter(|c| !matches!(c, ':' | ' ')).collect();
        let begins = begins.to_lowercase();
        let is_hash =
            (8..=64).contains(&begins.len()) && begins.bytes().all(|byte| byte.is_ascii_hexdigit());
        let n = number.replace(',', "").parse().map_err(|_| wrong())?;
        is_hash.then_some(Self { n, begins }).ok_or_else(wrong)
    }
}

/// What following the chain found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    /// Where the chain says that it ends.
    pub head: Option<Head>,
    /// What is wrong, a line of text each; no more than a few of a kind.
    pub faults: Vec<String>,
    /// What is no fault and yet worth a word.
    pub notes: Vec<String>,
}

/// Follows the chain from its beginning, which is where lines were let go of last; a place that was
/// `noted` earlier must lie on it.
///
/// # Errors
/// What the database says.
pub async fn walk(connection: &mut AnyConnection, noted: Option<&Noted>) -> Result<Walk, Error> {
    let Some(head) = chain::head(&mut *connection).await? else {
        return Ok(Walk {
            faults: vec![said("it is in no chain")],
            ..Walk::default()
        });
    };
    let (from, unreadable) = match chain::newest(&mut *connection, LET_GO).await? {
        None => (Head::start(), None),
        Some((at, text)) => match read_let_go(&text) {
            Some(from) => (from, None),
            None => (Head::start(), Some(at)),
        },
    };
    let mut walker = Walker::new(from, noted);
    if let Some(at) = unreadable {
        let at = rfc3339(at);
        walker.fault(format!(
            "the line of {at} about lines let go of cannot be read"
        ));
    }
    let mut n = 0;
    loop {
        let links = chain::links_after(&mut *connection, n).await?;
        let Some(last) = links.last() else {
            break;
        };
        n = last.head.n;
        links.iter().for_each(|link| walker.step(link));
    }
    walker.end(&head);
    let (count, times) = chain::unlinked(&mut *connection).await?;
    if count > 0 {
        let times: Vec<String> = times.into_iter().map(rfc3339).collect();
        let times = times.join(", ");
        walker.fault(format!("{count} lines are not of the chain: of {times}"));
    }
    let restored = chain::newest(connection, RESTORED).await?;
    Ok(walker.done(head, restored.map(|(at, _)| at)))
}

fn read_let_go(detail: &str) -> Option<Head> {
    let (n, hash) = detail.split_once(':')?;
    Some(Head {
        n: n.parse().ok()?,
        hash: hash.to_owned(),
    })
}

fn said(what: &str) -> String {
    format!("audit log: {what}")
}

/// How many faults are said one by one.
const MOST: usize = 20;

/// Follows links that are given in order.
struct Walker<'a> {
    from: i64,
    before: Head,
    faults: Vec<String>,
    more: usize,
    noted: Option<&'a Noted>,
    /// Whether the noted place is on the chain, once it was come by.
    agrees: Option<bool>,
}

impl<'a> Walker<'a> {
    fn new(from: Head, noted: Option<&'a Noted>) -> Self {
        let mut walker = Self {
            from: from.n,
            before: from.clone(),
            faults: Vec::new(),
            more: 0,
            noted,
            agrees: None,
        };
        walker.compare(&from);
        walker
    }

    fn fault(&mut self, what: String) {
        if self.faults.len() < MOST {
            self.faults.push(said(&what));
        } else {
            self.more += 1;
        }
    }

    fn compare(&mut self, head: &Head) {
        if let Some(noted) = self.noted.filter(|noted| noted.n == head.n) {
            self.agrees = Some(head.hash.starts_with(&noted.begins));
        }
    }

    fn step(&mut self, link: &Link) {
        let n = link.head.n;
        if n <= self.before.n {
            return self.fault(format!(
                "line {n}: it was let go of, and stands in the chain"
            ));
        }
        self.compare(&link.head);
        let expected = self.before.n + 1;
        if n > expected {
            // Behind a gap a line has nothing to be held against.
            self.missing(expected, n - 1);
        }
        match &link.line {
            None => self.missing(n, n),
            Some(line) if n == expected && self.before.next(line) != link.head => {
                let at = rfc3339(line.at);
                self.fault(format!("line {n}, of {at}: it is not what was written"));
            }
            Some(_) => {}
        }
        self.before = link.head.clone();
    }

    fn missing(&mut self, first: i64, last: i64) {
        self.fault(if first == last {
            format!("line {first}: it is missing")
        } else {
            format!("lines {first} to {last}: they are missing")
        });
    }

    fn end(&mut self, head: &Head) {
        let last = self.before.n;
        if last < head.n {
            let first = last + 1;
            self.fault(format!(
                "its end is cut off: lines {first} to {} are missing",
                head.n
            ));
        } else if self.before != *head {
            self.fault(format!(
                "it ends with line {last}, and is said to end with line {}",
                head.n
            ));
        }
    }

    fn done(mut self, head: Head, restored: Option<Millis>) -> Walk {
        let mut notes = Vec::new();
        if let Some(noted) = self.noted {
            let n = noted.n;
            let why = match self.agrees {
                Some(true) => None,
                None if n < self.from => {
                    notes.push(format!("line {n} was let go of since it was noted"));
                    None
                }
                None if n > self.before.n => Some(format!(
                    "it had line {n} when that was noted, and ends with line {} now",
                    self.before.n
                )),
                Some(false) | None => Some(format!("line {n} is not the one that was noted")),
            };
            if let Some(why) = why {
                let since = restored.map_or_else(String::new, |at| {
                    let at = rfc3339(at);
                    format!(" (a backup was restored on {at}: what was noted between is not in it)")
                });
                self.fault(why + &since);
            }
        }
        if self.more > 0 {
            self.faults
                .push(said(&format!("{} more of these", self.more)));
        }
        Walk {
            head: Some(head),
            faults: self.faults,
            notes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: i64) -> Line {
        Line {
            id: format!("id {at}"),
            at,
            staff: "Priya".into(),
            action: "check_in.read".into(),
            kind: "check_in".into(),
            subject: "a".into(),
            team: None,
            detail: None,
        }
    }

    fn chain(from: &Head, count: i64) -> Vec<Link> {
        let mut head = from.clone();
        (0..count)
            .map(|at| {
                let line = line(from.n + at);
                head = head.next(&line);
                Link {
                    head: head.clone(),
                    line: Some(line),
                }
            })
            .collect()
    }

    fn walked(from: Head, links: &[Link], head: &Head, noted: Option<&Noted>) -> Walk {
        let mut walker = Walker::new(from, noted);
        links.iter().for_each(|link| walker.step(link));
        walker.end(head);
        walker.done(head.clone(), None)
    }

    fn faults(links: &[Link], head: &Head) -> Vec<String> {
        walked(Head::start(), links, head, None).faults
    }

    /// A hash that anybody can work out with other tools: it must never change.
    #[test]
    fn a_hash_is_of_the_json_array_of_all_that_a_line_says() {
        let said = r#"[1,"0000000000000000000000000000000000000000000000000000000000000000","id 7",7,"Priya","check_in.read","check_in","a",null,null]"#;
        let mut hash = String::new();
        for byte in Sha256::digest(said.as_bytes()) {
            write!(hash, "{byte:02x}").unwrap();
        }
        assert_eq!(Head::start().next(&line(7)).hash, hash);
    }

    #[test]
    fn every_field_of_a_line_is_in_its_hash() {
        let changes: [fn(&mut Line); 8] = [
            |line| line.id.push('x'),
            |line| line.at += 1,
            |line| line.staff.push('x'),
            |line| line.action.push('x'),
            |line| line.kind.push('x'),
            |line| line.subject.push('x'),
            |line| line.team = Some(String::new()),
            |line| line.detail = Some(String::new()),
        ];
        let start = Head::start();
        for change in changes {
            let mut other = line(1);
            change(&mut other);
            assert_ne!(start.next(&line(1)), start.next(&other));
        }
        let (mut one, mut two) = (line(1), line(1));
        (one.action, one.kind) = ("a\",\"b".into(), "c".into());
        (two.action, two.kind) = ("a".into(), "b\",\"c".into());
        assert_ne!(start.next(&one), start.next(&two));
    }

    #[test]
    fn a_whole_chain_has_no_fault() {
        let links = chain(&Head::start(), 5);
        assert_eq!(faults(&links, &links[4].head), Vec::<String>::new());
        assert_eq!(faults(&[], &Head::start()), Vec::<String>::new());
    }

    #[test]
    fn a_line_that_was_changed_is_named_with_its_time() {
        let mut links = chain(&Head::start(), 5);
        links[2].line.as_mut().unwrap().staff = "Somebody else".into();
        let head = links[4].head.clone();
        assert_eq!(
            faults(&links, &head),
            ["audit log: line 3, of 1970-01-01T00:00:00.002Z: it is not what was written"]
        );
        // Its hash made anew shows in the line after it.
        links[2].head = links[1].head.next(links[2].line.as_ref().unwrap());
        assert!(faults(&links, &head)[0].contains("line 4, of"));
    }

    #[test]
    fn what_is_missing_is_said_wherever_it_was() {
        let links = chain(&Head::start(), 6);
        let head = links[5].head.clone();
        let mut without_line = links.clone();
        without_line[1].line = None;
        assert_eq!(
            faults(&without_line, &head),
            ["audit log: line 2: it is missing"]
        );
        let gap = [&links[..2], &links[4..]].concat();
        assert_eq!(
            faults(&gap, &head),
            ["audit log: lines 3 to 4: they are missing"]
        );
        assert_eq!(
            faults(&links[2..], &head),
            ["audit log: lines 1 to 2: they are missing"]
        );
        assert_eq!(
            faults(&links[..3], &head),
            ["audit log: its end is cut off: lines 4 to 6 are missing"]
        );
    }

    #[test]
    fn what_was_added_behind_the_end_is_said() {
        let links = chain(&Head::start(), 3);
        assert!(faults(&links, &links[1].head)[0].contains("is said to end with line 2"));
    }

    #[test]
    fn a_chain_goes_on_from_where_lines_were_let_go_of() {
        let links = chain(&Head::start(), 6);
        let (from, head) = (links[1].head.clone(), links[5].head.clone());
        let walk = walked(from.clone(), &links[2..], &head, None);
        assert_eq!(walk.faults, Vec::<String>::new());
        let other = Head {
            hash: "f".repeat(64),
            ..from.clone()
        };
        assert!(walked(other, &links[2..], &head, None).faults[0].contains("line 3, of"));
        assert!(walked(from, &links[1..], &head, None).faults[0].contains("line 2: it was let go"));
    }

    #[test]
    fn a_place_that_was_noted_must_lie_on_the_chain() {
        let links = chain(&Head::start(), 4);
        let head = links[3].head.clone();
        let agrees = |noted: &Noted| walked(Head::start(), &links, &head, Some(noted)).faults;
        let noted: Noted = format!("3 {}", links[2].head.short()).parse().unwrap();
        assert_eq!(agrees(&noted), Vec::<String>::new());
        let other: Noted = "3:00000000".parse().unwrap();
        assert!(agrees(&other)[0].contains("line 3 is not the one that was noted"));
        let cut: Noted = "9:00000000".parse().unwrap();
        assert!(agrees(&cut)[0].contains("ends with line 4 now"));
        let early: Noted = "1:00000000".parse().unwrap();
        let walk = walked(links[1].head.clone(), &links[2..], &head, Some(&early));
        assert_eq!((walk.faults.len(), walk.notes.len()), (0, 1));
    }

    #[test]
    fn a_place_is_read_as_people_write_it_down() {
        let read = |text: &str| text.parse::<Noted>();
        let begins = "ab12cd34ef567890".to_owned();
        let noted = Noted { n: 1234, begins };
        assert_eq!(read("1234:ab12cd34ef567890"), Ok(noted.clone()));
        assert_eq!(read(" 1,234 AB12 cd34 ef56 7890 "), Ok(noted));
        for text in ["", "1234", "1234:ab12", "x:ab12cd34", "1234:ab12cd3g"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn many_faults_are_counted() {
        let mut links = chain(&Head::start(), 40);
        links.iter_mut().for_each(|link| link.line = None);
        let all = faults(&links, &links[39].head);
        assert_eq!(all.len(), MOST + 1);
        assert_eq!(all[MOST], "audit log: 20 more of these");
    }
}
