//! What would make taking part easier for members, kept for next time. Nobody at the desk reads this: only the
//! member's own phones are told, and a sign-up has a copy of its own of what was said with it.

use super::{
    feed::{Entry, member_scope},
    word::{json, read_id},
};
use crate::error::Error;
use app::domain::{
    id::{MemberId, SignUpId},
    needs::Needs,
    record::kind,
    time::Millis,
};
use sqlx::{AnyConnection, Row, query};
use std::collections::HashMap;

/// Words that are kept, and which version of the question was said yes to.
pub type Kept = (String, u32);

/// What is kept of everybody, and which sign-ups that stand say something of it.
#[derive(Debug, Default)]
pub struct All {
    /// By member.
    pub kept: HashMap<MemberId, Kept>,
    /// Whose each sign-up is, and whether it says something.
    pub said: HashMap<SignUpId, (MemberId, bool)>,
}

/// Keeps these words from now on, or with none lets go of what is kept. Gives the record to be written; none
/// if nothing was kept and nothing is.
///
/// # Errors
/// What the database says.
pub async fn write(
    transaction: &mut AnyConnection,
    member: MemberId,
    kept: Option<&Kept>,
    now: Millis,
) -> Result<Option<Entry>, Error> {
    let entry = |body| Entry {
        scope: member_scope(member),
        kind: kind::NEEDS,
        id: member.to_string(),
        body,
        is_new: false,
    };
    let Some((words, consent)) = kept else {
        let gone = query("delete from needs where member = $1")
            .bind(member.to_string())
            .execute(transaction)
            .await?;
        return Ok((gone.rows_affected() > 0).then(|| entry(None)));
    };
    query(
        "insert into needs (member, words, consent, kept_at) values ($1, $2, $3, $4) \
         on conflict (member) do update set words = excluded.words, \
         consent = excluded.consent, kept_at = excluded.kept_at",
    )
    .bind(member.to_string())
    .bind(words.clone())
    .bind(i64::from(*consent))
    .bind(now)
    .execute(transaction)
    .await?;
    Ok(Some(entry(Some(json(&told(words))))))
}

/// What the member's phones are told.
pub fn told(words: &str) -> Needs {
    Needs {
        needs: Some(words.to_owned()),
    }
}

/// What is kept of one member.
///
/// # Errors
/// What the database says.
pub async fn of(connection: &mut AnyConnection, member: MemberId) -> Result<Option<String>, Error> {
    let row = query("select words from needs where member = $1")
        .bind(member.to_string())
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// Everything: for going back to a backup.
///
/// # Errors
/// What the database says.
pub async fn all(connection: &mut AnyConnection) -> Result<All, Error> {
    let mut all = All::default();
    let rows = query("select member, words, consent from needs");
    for row in rows.fetch_all(&mut *connection).await? {
        let consent = u32::try_from(row.try_get::<i64, _>(2)?).unwrap_or_default();
        let member = read_id(row.try_get(0)?)?;
        all.kept.insert(member, (row.try_get(1)?, consent));
    }
    let rows = query(
        "select id, member, case when access_needs is null then 0 else 1 end from sign_ups \
         where state not in ('withdrawn', 'cancelled')",
    );
    for row in rows.fetch_all(connection).await? {
        let says = row.try_get::<i64, _>(2)? != 0;
        let (id, member) = (read_id(row.try_get(0)?)?, read_id(row.try_get(1)?)?);
        all.said.insert(id, (member, says));
    }
    Ok(all)
}
