//! The audit log as admins read it: newest first, with whom each line is about.
//!
//! A filter is put together of those clauses alone that are asked for, so that the database finds the
//! index that fits: among a million lines too.

use crate::error::Error;
use app::{domain::id::StaffId, ui::local::Millis};
use sqlx::{
    AnyPool, AssertSqlSafe, Row,
    any::{AnyArguments, AnyRow},
    query::{Query, QueryAs},
};

/// A line of the log.
#[derive(Debug, sqlx::FromRow)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Millis,
    /// Who, by id: a line of the server itself has nobody's.
    pub staff: String,
    /// Its number in the chain.
    pub n: Option<i64>,
    /// Its hash in the chain.
    pub hash: Option<String>,
    /// Who: their name.
    pub who: Option<String>,
    /// What they did: `check_in.read`.
    pub action: String,
    /// What more there is to say.
    pub detail: Option<String>,
    /// What kind of thing it is about.
    pub kind: String,
    /// The thing's id.
    pub subject: String,
    /// The team's name.
    pub team: Option<String>,
    /// Whom it is about; none if nothing is known of them any more.
    pub member: Option<String>,
    /// What they want to be called.
    pub about: Option<String>,
    /// The sign-up that it is about.
    pub sign_up: Option<String>,
    /// What they signed up for.
    pub title: Option<String>,
    /// The session's wall-clock start.
    pub local_start: Option<String>,
    /// The check-in that it is about, if the reader may open it.
    pub check_in: Option<String>,
    /// The same of a shared plan.
    pub plan: Option<String>,
    /// The same of an experience.
    pub experience: Option<String>,
    /// What a thing that is no member's is called: a help line, a colleague, somebody invited, an opportunity.
    pub thing: Option<String>,
}

/// Which lines are asked for. What is none leaves nothing out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Who did it: the id of someone on the staff; nil for nobody there.
    pub staff: Option<String>,
    /// What was done.
    pub action: Option<String>,
    /// What kind of thing it is about.
    pub kind: Option<String>,
    /// The thing's id; a member's stands for all that is theirs as well.
    pub about: Option<String>,
    /// From this instant on.
    pub from: Option<Millis>,
    /// Before this instant.
    pub until: Option<Millis>,
    /// But for the line of this id.
    pub but: Option<String>,
}

/// Where a page goes on: behind this line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// When it was.
    pub at: Millis,
    /// Its id.
    pub id: String,
}

impl Line {
    /// Where the page after this line goes on.
    pub fn key(&self) -> After {
        After {
            at: self.at,
            id: self.id.clone(),
        }
    }
}

/// What is bound to a clause's places, in order.
enum Value {
    Text(String),
    At(Millis),
}

/// The clauses that are asked for, with their values; places count from `$1`.
struct Clauses {
    text: String,
    values: Vec<Value>,
}

impl Clauses {
    fn of(filter: &Filter, after: Option<&After>) -> Self {
        let mut it = Self {
            // What one independent person reads is nobody else's to know of, not from the log either.
            text: "a.kind <> 'independent'".to_owned(),
            values: Vec::new(),
        };
        it.text("a.staff = ?", filter.staff.as_ref());
        it.text("a.action = ?", filter.action.as_ref());
        it.text("a.kind = ?", filter.kind.as_ref());
        it.text(
            "a.subject in (select ? union all select id from sign_ups where member = ? \
             union all select id from check_ins where member = ? \
             union all select id from plans where member = ? \
             union all select id from experiences where member = ? and independent is null \
             union all select id from peer_asks where member = ? \
             union all select id from devices where member = ?)",
            filter.about.as_ref(),
        );
        it.text("a.id <> ?", filter.but.as_ref());
        it.at("a.at >= ?", filter.from);
        it.at("a.at < ?", filter.until);
        if let Some(after) = after {
            it.at("a.at <= ?", Some(after.at));
            it.values.push(Value::At(after.at));
            it.values.push(Value::Text(after.id.clone()));
            let (at, id) = (it.values.len() - 1, it.values.len());
            it.text
                .push_str(&format!(" and (a.at < ${at} or a.id < ${id})"));
        }
        it
    }

    /// One value for every place of the clause.
    fn text(&mut self, clause: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.values.push(Value::Text(value.clone()));
            self.push(clause);
        }
    }

    fn at(&mut self, clause: &str, value: Option<Millis>) {
        if let Some(value) = value {
            self.values.push(Value::At(value));
            self.push(clause);
        }
    }

    fn push(&mut self, clause: &str) {
        let place = format!("${}", self.values.len());
        self.text.push_str(" and ");
        self.text.push_str(&clause.replace('?', &place));
    }
}

/// A page of at most `most` lines for `reader`, newest first, behind `after`. A check-in is named only
/// where `reader` may open it: it stands, and is of a team of theirs.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &AnyPool,
    reader: StaffId,
    filter: &Filter,
    after: Option<&After>,
    most: i64,
) -> Result<Vec<Line>, Error> {
    let clauses = Clauses::of(filter, after);
    let last = clauses.values.len();
    let (limit, reads) = (last + 1, last + 2);
    // The lines are found first, and only then joined with what they are about.
    let text = format!(
        "select a.id, a.at, a.staff, l.n, l.hash, p.name as who, a.action, a.detail, a.kind, a.subject, \
         t.name as team, m.id as member, m.name as about, u.id as sign_up, o.title, s.local_start, \
         case when c.state <> 'withdrawn' and st.staff is not null then c.id end as check_in, \
         case when z.state <> 'withdrawn' and pt.staff is not null then z.id end as plan, \
         case when f.state <> 'withdrawn' and ft.staff is not null then f.id end as experience, \
         coalesce(h.label, q.name, i.name, j.name, j.shown, w.title, k.title, substr(x.you_said, 1, 80), \
         substr(y.new_words, 1, 80), tr.title) as thing \
         from (select * from audit a where {} order by a.at desc, a.id desc limit ${limit}) a \
         left join audit_chain l on l.line = a.id \
         left join staff p on p.id = a.staff \
         left join staff q on a.kind = 'staff' and q.id = a.subject \
         left join staff_invites i on a.kind = 'staff' and i.id = a.subject \
         left join teams t on t.id = a.team \
         left join sign_ups u on a.kind = 'sign_up' and u.id = a.subject \
         left join sessions s on s.id = u.session \
         left join opportunities o on o.id = s.opportunity \
         left join check_ins c on a.kind = 'check_in' and c.id = a.subject \
         left join staff_team st on st.team = c.team and st.staff = ${reads} \
         left join plans z on a.kind = 'plan' and z.id = a.subject \
         left join staff_team pt on pt.team = z.team and pt.staff = ${reads} \
         left join experiences f on a.kind = 'experience' and f.id = a.subject \
         left join staff_team ft on ft.team = f.team and ft.staff = ${reads} \
         left join devices d on a.kind = 'device' and d.id = a.subject \
         left join peer_matches pm on a.kind = 'peer_match' and pm.id = a.subject \
         left join peer_asks pa on pa.id = case when a.kind = 'peer_ask' then a.subject else pm.ask end \
         left join members m on m.id = coalesce(u.member, c.member, z.member, f.member, pa.member, d.member, \
             case when a.kind = 'member' then a.subject end) \
         left join help_lines h on a.kind = 'help_line' and h.id = a.subject \
         left join join_codes j on a.kind = 'join_code' and j.code = a.subject \
         left join sessions v on a.kind = 'session' and v.id = a.subject \
         left join opportunities w on w.id = case when a.kind = 'opportunity' then a.subject \
             else v.opportunity end \
         left join involvement_groups k on a.kind = 'group' and k.id = a.subject \
         left join changes x on a.kind = 'change' and x.id = a.subject \
         left join change_notes y on a.kind = 'note' and y.id = a.subject \
         left join trainings tr on a.kind = 'training' and tr.id = a.subject \
         order by a.at desc, a.id desc",
        clauses.text
    );
    let mut query: QueryAs<'_, sqlx::Any, Line, AnyArguments> = sqlx::query_as(AssertSqlSafe(text));
    for value in clauses.values {
        query = match value {
            Value::Text(text) => query.bind(text),
            Value::At(at) => query.bind(at),
        };
    }
    let query = query.bind(most).bind(reader.to_string());
    Ok(query.fetch_all(db).await?)
}

/// How many lines the filter leaves.
///
/// # Errors
/// What the database says.
pub async fn count(db: &AnyPool, filter: &Filter) -> Result<i64, Error> {
    let clauses = Clauses::of(filter, None);
    let text = format!("select count(*) from audit a where {}", clauses.text);
    let mut query: Query<'_, sqlx::Any, AnyArguments> = sqlx::query(AssertSqlSafe(text));
    for value in clauses.values {
        query = match value {
            Value::Text(text) => query.bind(text),
            Value::At(at) => query.bind(at),
        };
    }
    Ok(query.fetch_one(db).await?.try_get(0)?)
}

/// What stands in a column, each value once, in order: read value by value from its index, so that a
/// million lines are not looked at for a few words.
macro_rules! distinct {
    ($column:literal) => {
        concat!(
            "with recursive found (one) as (select min(",
            $column,
            ") from audit union all select (select min(a.",
            $column,
            ") from audit a where a.",
            $column,
            " > found.one) from found where found.one is not null) \
             select one from found where one is not null"
        )
    };
}

/// What was ever done: `check_in.read`, ….
///
/// # Errors
/// What the database says.
pub async fn actions(db: &AnyPool) -> Result<Vec<String>, Error> {
    let rows = sqlx::query(distinct!("action")).fetch_all(db).await?;
    let mut actions = texts(&rows)?;
    actions.retain(|action| !action.starts_with("independent."));
    Ok(actions)
}

/// What kinds of things were ever read or changed.
///
/// # Errors
/// What the database says.
pub async fn kinds(db: &AnyPool) -> Result<Vec<String>, Error> {
    let rows = sqlx::query(distinct!("kind")).fetch_all(db).await?;
    let mut kinds = texts(&rows)?;
    kinds.retain(|kind| kind != "independent");
    Ok(kinds)
}

fn texts(rows: &[AnyRow]) -> Result<Vec<String>, Error> {
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Everyone who ever worked here: id and name, by name.
///
/// # Errors
/// What the database says.
pub async fn people(db: &AnyPool) -> Result<Vec<(String, String)>, Error> {
    let rows = sqlx::query("select id, name from staff order by name, id");
    let rows = rows.fetch_all(db).await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect()
}

/// What a member wants to be called, for a filter that is about them; none if there is no such member.
///
/// # Errors
/// What the database says.
pub async fn member(db: &AnyPool, id: &str) -> Result<Option<Option<String>>, Error> {
    let row = sqlx::query("select name from members where id = $1")
        .bind(id.to_owned())
        .fetch_optional(db)
        .await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_asked_for_is_in_the_clauses_and_places_are_numbered() {
        assert_eq!(
            Clauses::of(&Filter::default(), None).text,
            "a.kind <> 'independent'"
        );
        let filter = Filter {
            staff: Some("s".into()),
            about: Some("m".into()),
            from: Some(7),
            ..Filter::default()
        };
        let after = After {
            at: 9,
            id: "i".into(),
        };
        let it = Clauses::of(&filter, Some(&after));
        assert!(
            it.text.starts_with(
                "a.kind <> 'independent' and a.staff = $1 and a.subject in (select $2 "
            )
        );
        assert!(
            it.text
                .ends_with("a.at >= $3 and a.at <= $4 and (a.at < $5 or a.id < $6)")
        );
        assert_eq!(it.values.len(), 6);
    }
}
