//! The chain of the audit log as it stands in the database: a number and a hash for each line, and where
//! it ends. What the hashes are made of is in `crate::audit`.

use super::{KIND, add_saying};
use crate::{
    audit::{Head, Line, Link},
    db::bulk::Bulk,
    error::Error,
};
use app::domain::{id::StaffId, time::Millis};
use sqlx::{AnyConnection, Row, any::AnyRow, query};
use uuid::Uuid;

/// The line that says which lines were let go of.
pub const LET_GO: &str = "audit.let_go";
/// The line that says that the database went back to a backup.
pub const RESTORED: &str = "backup.restore";

/// How many links are read or written at a time.
const PAGE: i64 = 1000;

static LINKS: Bulk = Bulk::new("insert into audit_chain (n, line, hash) values", 3, "");

/// Where the chain ends. Lines from before there was a chain become its beginning, once.
///
/// # Errors
/// What the database says.
pub async fn begun(transaction: &mut AnyConnection) -> Result<Head, Error> {
    if let Some(head) = head(&mut *transaction).await? {
        return Ok(head);
    }
    let mut head = Head::start();
    let mut after = String::new();
    loop {
        let rows = query(
            "select id, at, staff, action, kind, subject, team, detail from audit \
             where id > $1 order by id limit $2",
        )
        .bind(after.clone())
        .bind(PAGE)
        .fetch_all(&mut *transaction)
        .await?;
        let lines: Vec<Line> = rows.iter().map(read).collect::<Result<_, _>>()?;
        let Some(last) = lines.last() else {
            break;
        };
        after.clone_from(&last.id);
        let mut links = Vec::with_capacity(lines.len());
        for line in &lines {
            head = head.next(line);
            links.push((head.n, line.id.clone(), head.hash.clone()));
        }
        LINKS
            .run(&mut *transaction, &links, |query, (n, line, hash)| {
                query.bind(*n).bind(line.clone()).bind(hash.clone())
            })
            .await?;
    }
    query("insert into audit_head (one, n, hash) values (1, $1, $2)")
        .bind(head.n)
        .bind(head.hash.clone())
        .execute(transaction)
        .await?;
    Ok(head)
}

/// Where the chain ends; none where there is none yet.
///
/// # Errors
/// What the database says.
pub async fn head(connection: &mut AnyConnection) -> Result<Option<Head>, Error> {
    let row = query("select n, hash from audit_head where one = 1")
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        Ok(Head {
            n: row.try_get(0)?,
            hash: row.try_get(1)?,
        })
    })
    .transpose()
}

/// Adds a line to the chain that ends at `head`.
///
/// # Errors
/// What the database says.
pub async fn link(transaction: &mut AnyConnection, head: &Head, line: &Line) -> Result<(), Error> {
    let next = head.next(line);
    query("insert into audit_chain (n, line, hash) values ($1, $2, $3)")
        .bind(next.n)
        .bind(line.id.clone())
        .bind(next.hash.clone())
        .execute(&mut *transaction)
        .await?;
    query("update audit_head set n = $1, hash = $2 where one = 1")
        .bind(next.n)
        .bind(next.hash)
        .execute(transaction)
        .await?;
    Ok(())
}

/// The links behind number `n`, in order, with their lines as far as they are there.
///
/// # Errors
/// What the database says.
pub async fn links_after(connection: &mut AnyConnection, n: i64) -> Result<Vec<Link>, Error> {
    let rows = query(
        "select c.n, c.hash, c.line, a.id, a.at, a.staff, a.action, a.kind, a.subject, a.team, \
         a.detail from audit_chain c left join audit a on a.id = c.line \
         where c.n > $1 order by c.n limit $2",
    )
    .bind(n)
    .bind(PAGE)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let there: Option<String> = row.try_get("id")?;
            Ok(Link {
                head: Head {
                    n: row.try_get("n")?,
                    hash: row.try_get("hash")?,
                },
                line: there.map(|_| read(row)).transpose()?,
            })
        })
        .collect()
}

/// Lines that are in no chain, at most a few: when each was written, by what it says itself.
///
/// # Errors
/// What the database says.
pub async fn unlinked(connection: &mut AnyConnection) -> Result<(i64, Vec<Millis>), Error> {
    const FROM: &str =
        "from audit a where not exists (select 1 from audit_chain c where c.line = a.id)";
    let count = query(sqlx::AssertSqlSafe(format!("select count(*) {FROM}")))
        .fetch_one(&mut *connection)
        .await?;
    let some = query(sqlx::AssertSqlSafe(format!(
        "select a.at {FROM} order by a.at limit 5"
    )));
    let some = some.fetch_all(connection).await?;
    let some: Result<_, sqlx::Error> = some.iter().map(|row| row.try_get(0)).collect();
    Ok((count.try_get(0)?, some?))
}

/// When this was last done and what its line says: [`LET_GO`], [`RESTORED`].
///
/// # Errors
/// What the database says.
pub async fn newest(
    connection: &mut AnyConnection,
    action: &'static str,
) -> Result<Option<(Millis, String)>, Error> {
    let row = query(
        "select a.at, coalesce(a.detail, '') from audit a join audit_chain c on c.line = a.id \
         where a.action = $1 order by c.n desc limit 1",
    )
    .bind(action)
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .transpose()
}

/// Lets go of the oldest lines, as long as they are from before `before`, at most a page; says how many
/// went. A last line says up to which, with the hash from which the chain goes on, so that it can still
/// be followed from there.
///
/// # Errors
/// What the database says; it refuses lines that are younger than six years.
pub async fn let_go(
    transaction: &mut AnyConnection,
    before: Millis,
    now: Millis,
) -> Result<usize, Error> {
    let links = links_after(&mut *transaction, 0).await?;
    let is_old = |link: &&Link| link.line.as_ref().is_some_and(|line| line.at < before);
    let old: Vec<&Link> = links.iter().take_while(is_old).collect();
    let Some(last) = old.last() else {
        return Ok(0);
    };
    for sql in [
        "delete from audit where id in (select line from audit_chain where n <= $1)",
        "delete from audit_chain where n <= $1",
    ] {
        query(sql)
            .bind(last.head.n)
            .execute(&mut *transaction)
            .await?;
    }
    let (nobody, log) = (StaffId(Uuid::nil()), (KIND, Uuid::nil()));
    add_saying(transaction, now, nobody, LET_GO, log, last.head.in_full()).await?;
    Ok(old.len())
}

fn read(row: &AnyRow) -> Result<Line, Error> {
    Ok(Line {
        id: row.try_get("id")?,
        at: row.try_get("at")?,
        staff: row.try_get("staff")?,
        action: row.try_get("action")?,
        kind: row.try_get("kind")?,
        subject: row.try_get("subject")?,
        team: row.try_get("team")?,
        detail: row.try_get("detail")?,
    })
}
