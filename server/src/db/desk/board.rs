//! The board: sign-ups by how far they have come, of all, an opportunity or a session, oldest first; and
//! those of people who are called something. Each text of SQL names only what it asks for, so that the
//! database can go by an index (`migrations/common/0019_board.sql`).

use super::sign_ups::{Line, line, reach_of_sign_ups};
use crate::db::{
    reach::{Reach, within},
    sign_ups::Thanks,
    word,
};
use app::{
    domain::{
        id::{OpportunityId, SessionId},
        sign_up::SignUpState,
    },
    ui::local::Millis,
};
use sqlx::{AnyPool, AssertSqlSafe, Row as _, any::AnyRow};

/// The lists of the board. Somebody may stand in two: who has a place and was not looked at yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Nobody opened it yet.
    #[default]
    New,
    /// Opened, and the person waits for an answer.
    ToAnswer,
    /// On a waiting list.
    Waiting,
    /// A place is held until they answer.
    Offered,
    /// They have a place.
    Placed,
    /// They came; thanked or not.
    Came,
    /// They couldn't come.
    NotThere,
    /// Taken back, or cancelled.
    Over,
    /// Everyone.
    All,
}

impl Show {
    /// All lists, in the order of the desk.
    pub const ALL: [Self; 9] = [
        Self::New,
        Self::ToAnswer,
        Self::Waiting,
        Self::Offered,
        Self::Placed,
        Self::Came,
        Self::NotThere,
        Self::Over,
        Self::All,
    ];

    /// Whether a sign-up is in it.
    fn holds(self, seen: bool, state: SignUpState) -> bool {
        use SignUpState as S;
        match self {
            Self::New => !seen && state.is_active(),
            Self::ToAnswer => seen && state == S::Received,
            Self::Waiting => state == S::Waiting,
            Self::Offered => state == S::Offered,
            Self::Placed => state == S::Confirmed,
            Self::Came => matches!(state, S::Attended | S::Thanked),
            Self::NotThere => state == S::NotThere,
            Self::Over => matches!(state, S::Withdrawn | S::Cancelled),
            Self::All => true,
        }
    }

    /// What is in it: states, each with whether somebody opened the sign-up.
    fn parts(self) -> Vec<(String, i64)> {
        let both = STATES
            .into_iter()
            .flat_map(|state| [(state, false), (state, true)]);
        both.filter(|(state, seen)| self.holds(*seen, *state))
            .map(|(state, seen)| (word::word(state), i64::from(seen)))
            .collect()
    }
}

const STATES: [SignUpState; 9] = [
    SignUpState::Received,
    SignUpState::Waiting,
    SignUpState::Offered,
    SignUpState::Confirmed,
    SignUpState::Attended,
    SignUpState::NotThere,
    SignUpState::Thanked,
    SignUpState::Withdrawn,
    SignUpState::Cancelled,
];

/// Of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Of {
    /// Everything.
    #[default]
    Everything,
    /// One opportunity.
    Opportunity(OpportunityId),
    /// One session.
    Session(SessionId),
}

/// What narrows every list.
#[derive(Clone, Copy, Debug)]
pub struct Narrow<'a> {
    /// How far whoever asks reaches.
    pub reach: Reach,
    /// Of what.
    pub of: Of,
    /// The beginnings of words of a name.
    pub name: &'a str,
}

impl Of {
    fn sql(self, place: usize) -> String {
        match self {
            Self::Everything => String::new(),
            Self::Opportunity(_) => {
                format!("s.session in (select id from sessions where opportunity = ${place}) and ")
            }
            Self::Session(_) => format!("s.session = ${place} and "),
        }
    }

    fn id(self) -> Option<String> {
        match self {
            Self::Everything => None,
            Self::Opportunity(id) => Some(id.to_string()),
            Self::Session(id) => Some(id.to_string()),
        }
    }
}

/// Where a page starts: after this sign-up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct After {
    /// When it reached the server.
    pub received_at: Millis,
    /// Its id, for those that came in the same millisecond.
    pub id: String,
}

impl After {
    /// After this line.
    pub fn line(line: &Line) -> Self {
        Self {
            received_at: line.received_at,
            id: line.id.clone(),
        }
    }
}

/// A line of a file or a register: what is more than a list shows.
#[derive(Debug)]
pub struct Whole {
    /// What the list shows.
    pub line: Line,
    /// Travel paid before.
    pub travel_first: bool,
    /// What would make it easier, where the person said that it may be told.
    pub needs: Option<String>,
    /// How they were thanked.
    pub thanks: Thanks,
}

/// How many words of a name are looked for.
const MOST_WORDS: usize = 3;

/// The values of a question, in the order of their places in the text.
#[derive(Default)]
struct Values(Vec<String>);

impl Values {
    /// The place of the next value, from `first` on.
    fn put(&mut self, first: usize, value: String) -> usize {
        self.0.push(value);
        first + self.0.len() - 1
    }
}

/// What narrows a list, with its values from the place `first` on.
fn narrowed(Narrow { reach, of, name }: Narrow<'_>, first: usize) -> (String, Values) {
    let mut values = Values::default();
    let mut sql = String::new();
    if reach != Reach::All {
        let place = values.put(first, reach.value());
        sql += &reach_of_sign_ups(place);
        sql += " and ";
    }
    if let Some(id) = of.id() {
        let place = values.put(first, id);
        sql += &of.sql(place);
    }
    for word in words(name) {
        let places = range(&word).map(|value| values.put(first, value));
        let [a, b, c, d] = places;
        sql += &format!(
            "s.member in (select member from member_words \
             where (word >= ${a} and word < ${b}) or (word >= ${c} and word < ${d})) and "
        );
    }
    (sql, values)
}

/// The words that are looked for, as they were typed.
fn words(name: &str) -> Vec<String> {
    let words = name.split([' ', '-']).filter(|word| !word.is_empty());
    words.take(MOST_WORDS).map(str::to_owned).collect()
}

/// From where to where words stand that begin like this one. SQLite makes only plain letters small, so that
/// a name that begins with another capital stands under it.
fn range(word: &str) -> [String; 4] {
    let small = word.to_lowercase();
    let mut letters = small.chars();
    let capital: String = match letters.next() {
        Some(first) if !first.is_ascii() => first.to_uppercase().chain(letters).collect(),
        _ => small.clone(),
    };
    let end = |begin: &str| format!("{begin}{}", char::MAX);
    [small.clone(), end(&small), capital.clone(), end(&capital)]
}

const COLUMNS: &str = "s.id, m.name, o.title, e.local_start, e.places, e.taken, e.waiting, \
     s.received_at, s.made_at, s.state, s.seen_by_name";
const MORE: &str = ", s.travel_first, s.travel_pence, s.thanks_pence, s.thanked_at, \
     case when s.access_needs_consent = 1 then s.access_needs end as needs";

/// Which sign-ups are on a page. A list of everything is read from its parts, each in the order of its index
/// and no further than the page; a narrowed one from what narrows it, which is little: the states are
/// written so that no engine goes by them instead.
fn keys(show: Show, narrowed: &str) -> String {
    let after = "(s.received_at, s.id) > ($1, $2) order by s.received_at, s.id limit $3";
    if show == Show::All {
        return format!("select s.id, s.received_at from sign_ups s where {narrowed}{after}");
    }
    let parts = show.parts();
    if narrowed.is_empty() {
        let part = |(at, (state, seen)): (usize, &(String, i64))| {
            format!(
                "select * from (select s.id, s.received_at from sign_ups s \
                 where s.state = '{state}' and s.seen = {seen} and {after}) p{at}"
            )
        };
        let parts: Vec<String> = parts.iter().enumerate().map(part).collect();
        let parts = parts.join(" union all ");
        return format!("select s.id, s.received_at from ({parts}) s where {after}");
    }
    let parts: Vec<String> = (parts.iter())
        .map(|(state, seen)| format!("'{state} {seen}'"))
        .collect();
    format!(
        "select s.id, s.received_at from sign_ups s where {narrowed}\
         (s.state || ' ' || s.seen) in ({}) and {after}",
        parts.join(", ")
    )
}

async fn rows(
    db: &AnyPool,
    [columns, more]: [&str; 2],
    show: Show,
    narrow: Narrow<'_>,
    after: &After,
    limit: i64,
) -> Result<Vec<AnyRow>, sqlx::Error> {
    let (narrowed, values) = narrowed(narrow, 4);
    let keys = keys(show, &narrowed);
    // The page is found first, by sign-ups alone: then each of its few lines is completed.
    let sql = format!(
        "select {columns}{more} from ({keys}) page \
         join sign_ups s on s.id = page.id \
         join members m on m.id = s.member \
         join sessions e on e.id = s.session \
         join opportunities o on o.id = e.opportunity \
         order by page.received_at, page.id"
    );
    let mut asked = sqlx::query(AssertSqlSafe(sql))
        .bind(after.received_at)
        .bind(after.id.clone())
        .bind(limit);
    for value in values.0 {
        asked = asked.bind(value);
    }
    asked.fetch_all(db).await
}

/// Lines of `show`, oldest first, of people one of whose words begins like each word of `name`.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &AnyPool,
    show: Show,
    narrow: Narrow<'_>,
    after: &After,
    limit: i64,
) -> Result<Vec<Line>, sqlx::Error> {
    let rows = rows(db, [COLUMNS, ""], show, narrow, after, limit).await?;
    rows.iter().map(line).collect()
}

/// The same with what a file or a register says more.
///
/// # Errors
/// What the database says.
pub async fn wholes(
    db: &AnyPool,
    show: Show,
    narrow: Narrow<'_>,
    after: &After,
    limit: i64,
) -> Result<Vec<Whole>, sqlx::Error> {
    let rows = rows(db, [COLUMNS, MORE], show, narrow, after, limit).await?;
    rows.iter().map(whole).collect()
}

fn whole(row: &AnyRow) -> Result<Whole, sqlx::Error> {
    let line = line(row)?;
    let ended = matches!(line.state, SignUpState::Withdrawn | SignUpState::Cancelled);
    let needs: Option<String> = row.try_get("needs")?;
    Ok(Whole {
        needs: needs.filter(|_| !ended),
        travel_first: row.try_get::<i64, _>("travel_first")? != 0,
        thanks: Thanks {
            at: row.try_get("thanked_at")?,
            travel: row.try_get("travel_pence")?,
            payment: row.try_get("thanks_pence")?,
        },
        line,
    })
}

/// How many sign-ups each list has, in the order of [`Show::ALL`].
///
/// # Errors
/// What the database says.
pub async fn counts(db: &AnyPool, narrow: Narrow<'_>) -> Result<[i64; 9], sqlx::Error> {
    let (narrowed, values) = narrowed(narrow, 1);
    let sql = format!(
        "select s.seen, s.state, count(*) as n from sign_ups s where {narrowed}1 = 1 \
         group by s.state, s.seen"
    );
    let mut asked = sqlx::query(AssertSqlSafe(sql));
    for value in values.0 {
        asked = asked.bind(value);
    }
    let mut counts = [0; 9];
    for row in asked.fetch_all(db).await? {
        let seen = row.try_get::<i64, _>("seen")? != 0;
        let state = super::sign_ups::word(&row, "state")?;
        let n: i64 = row.try_get("n")?;
        for (show, count) in Show::ALL.into_iter().zip(&mut counts) {
            if show.holds(seen, state) {
                *count += n;
            }
        }
    }
    Ok(counts)
}

/// The opportunities that people can be signed up for, by name: for the filter.
///
/// # Errors
/// What the database says.
pub async fn opportunities(
    db: &AnyPool,
    reach: Reach,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as(concat!(
        "select o.id, o.title from opportunities o where o.state <> 'draft' and ",
        within!("o.group_id", "$1"),
        " order by o.title, o.id"
    ))
    .bind(reach.value())
    .fetch_all(db)
    .await
}

/// The sessions of an opportunity and their wall-clock starts, the latest first: for the filter.
///
/// # Errors
/// What the database says.
pub async fn sessions(
    db: &AnyPool,
    opportunity: OpportunityId,
) -> Result<Vec<(String, Option<String>)>, sqlx::Error> {
    sqlx::query_as(
        "select id, local_start from sessions where opportunity = $1 \
         order by starts_at desc, id limit 200",
    )
    .bind(opportunity.to_string())
    .fetch_all(db)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::domain::id::StaffId;

    #[test]
    fn a_word_is_found_however_it_was_typed() {
        let [small, end, ..] = range("FEM");
        assert!(("fem".."femi").contains(&small.as_str()) && *"femi" < *end);
        let [.., capital, _] = range("éLO");
        assert_eq!(capital, "Élo", "SQLite leaves É as it is");
        assert_eq!(words("Mary-Jane  van der Berg").len(), MOST_WORDS);
        assert!(words(" - ").is_empty());
    }

    #[test]
    fn places_in_the_text_fit_the_values() {
        let narrow = Narrow {
            reach: Reach::Led(StaffId(uuid::Uuid::nil())),
            of: Of::Session(SessionId(uuid::Uuid::nil())),
            name: "a b",
        };
        let (sql, values) = narrowed(narrow, 4);
        assert_eq!(values.0.len(), 10);
        assert!(
            sql.contains("l.staff = $4")
                && sql.contains("s.session = $5")
                && sql.contains("word < $13"),
            "{sql}"
        );
    }
}
