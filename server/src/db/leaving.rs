//! Members who leave Chorus: what is theirs, and the end of whatever names them or lets them in.
//!
//! Whatever gets a column or a table about a member must be cleared here as well. What stays is a row
//! without content, so that the same command is answered again and no id is taken twice, outcomes
//! (which hold no words), safety records and the audit log.

use super::{
    audit,
    bulk::Bulk,
    calendars::{self, Whose},
    feed::{self, Entry, member_scope},
    groups, leads, peers,
    word::read_id,
    words,
};
use crate::error::Error;
use app::domain::{
    id::{
        CheckInId, ExperienceId, GroupId, MemberId, PeerAskId, SignUpId, StaffId, StoryId,
        SuggestionId,
    },
    record::kind,
    time::Millis,
};
use sqlx::{AnyConnection, Row, query};
use std::collections::HashSet;
use uuid::Uuid;

/// The audit line of someone who left. Nobody on the staff did it, and it says nothing more.
pub const LEFT: &str = "member.leave";

/// Something that its person ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ended {
    /// They left Chorus.
    Member(MemberId),
    /// They took a check-in back.
    CheckIn(MemberId, CheckInId),
    /// They took a sign-up back.
    SignUp(MemberId, SignUpId),
    /// They took a shared plan back, or sent a newer one.
    Plan(MemberId, Uuid),
    /// They took back what they wrote in a group; the message's id.
    Message(MemberId, Uuid),
    /// They left a group.
    Membership(MemberId, GroupId),
    /// They took back what they said about words.
    Suggestion(MemberId, SuggestionId),
    /// They took back what they wrote about that to the group; the comment's id.
    Comment(MemberId, Uuid),
    /// They took back what they said about their experience.
    Experience(MemberId, ExperienceId),
    /// Their story was taken down.
    Story(MemberId, StoryId),
    /// They took back that they would like to talk to a peer.
    PeerAsk(MemberId, PeerAskId),
    /// They took back what they wrote to whom they are matched with; the message's id.
    PeerMessage(MemberId, Uuid),
}

impl Ended {
    /// Who ended it.
    pub fn member(&self) -> MemberId {
        match self {
            Self::Member(member)
            | Self::CheckIn(member, _)
            | Self::SignUp(member, _)
            | Self::Plan(member, _)
            | Self::Message(member, _)
            | Self::Membership(member, _)
            | Self::Suggestion(member, _)
            | Self::Comment(member, _)
            | Self::Experience(member, _)
            | Self::Story(member, _)
            | Self::PeerAsk(member, _)
            | Self::PeerMessage(member, _) => *member,
        }
    }
}

static LEFT_OF: Bulk = Bulk::new(
    "select id from members where left_at is not null and id in (values",
    1,
    ")",
);

/// Which of `members` have left.
///
/// # Errors
/// What the database says.
pub async fn left(
    connection: &mut AnyConnection,
    members: &[MemberId],
) -> Result<HashSet<MemberId>, Error> {
    let rows = LEFT_OF
        .select(connection, members, |query, id| query.bind(id.to_string()))
        .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// Whether this member has left.
///
/// # Errors
/// What the database says.
pub async fn has_left(connection: &mut AnyConnection, member: MemberId) -> Result<bool, Error> {
    let found = query("select 1 from members where id = $1 and left_at is not null")
        .bind(member.to_string())
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

/// All sign-ups of a member.
///
/// # Errors
/// What the database says.
pub async fn sign_ups(
    connection: &mut AnyConnection,
    member: MemberId,
) -> Result<Vec<SignUpId>, Error> {
    let rows = query("select id from sign_ups where member = $1").bind(member.to_string());
    let rows = rows.fetch_all(connection).await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// All check-ins that a member shared.
///
/// # Errors
/// What the database says.
pub async fn check_ins(
    connection: &mut AnyConnection,
    member: MemberId,
) -> Result<Vec<CheckInId>, Error> {
    let rows = query("select id from check_ins where member = $1").bind(member.to_string());
    let rows = rows.fetch_all(connection).await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// Everyone who ever joined.
///
/// # Errors
/// What the database says.
pub async fn all_members(connection: &mut AnyConnection) -> Result<HashSet<MemberId>, Error> {
    let rows = query("select id from members")
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// All that people ended: things before people, because who has left takes nothing back any more.
///
/// # Errors
/// What the database says.
pub async fn ended(connection: &mut AnyConnection) -> Result<Vec<Ended>, Error> {
    let rows = query(
        "select 'check_in', member, id from check_ins where state = 'withdrawn' \
         union select kind, member, id from withdrawn \
         union select 'sign_up', member, id from sign_ups where state = 'withdrawn' \
         union select 'plan', member, id from plans where state = 'withdrawn' \
         union select 'group_message', p.member, g.id from group_messages g \
         join group_people p on p.id = g.person where g.state = 'taken_back' \
         union select 'membership', member, group_id from group_people where state = 'left' \
         union select 'suggestion', member, id from suggestions where state = 'withdrawn' \
         union select 'suggestion_comment', p.member, c.id from suggestion_comments c \
         join group_people p on p.id = c.person where c.state = 'taken_back' \
         union select 'experience', member, id from experiences where state = 'withdrawn' \
         union select 'story', e.member, s.id from stories s \
         join experiences e on e.id = s.experience where s.state = 'taken_down' \
         union select 'peer_ask', member, id from peer_asks where state = 'withdrawn' \
         union select 'peer_message', case when g.by_peer = 1 then x.peer else a.member end, g.id \
         from peer_messages g join peer_matches x on x.id = g.peer_match \
         join peer_asks a on a.id = x.ask where g.words is null \
         union all select 'member', id, id from members where left_at is not null",
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let (member, id) = (row.try_get(1)?, row.try_get(2)?);
            Ok(match row.try_get::<&str, _>(0)? {
                kind::CHECK_IN => Ended::CheckIn(read_id(member)?, read_id(id)?),
                kind::SIGN_UP => Ended::SignUp(read_id(member)?, read_id(id)?),
                kind::PLAN => Ended::Plan(read_id(member)?, read_id(id)?),
                kind::GROUP_MESSAGE => Ended::Message(read_id(member)?, read_id(id)?),
                kind::MEMBERSHIP => Ended::Membership(read_id(member)?, read_id(id)?),
                kind::SUGGESTION => Ended::Suggestion(read_id(member)?, read_id(id)?),
                kind::SUGGESTION_COMMENT => Ended::Comment(read_id(member)?, read_id(id)?),
                kind::EXPERIENCE => Ended::Experience(read_id(member)?, read_id(id)?),
                kind::STORY => Ended::Story(read_id(member)?, read_id(id)?),
                kind::PEER_ASK => Ended::PeerAsk(read_id(member)?, read_id(id)?),
                kind::PEER_MESSAGE => Ended::PeerMessage(read_id(member)?, read_id(id)?),
                _ => Ended::Member(read_id(member)?),
            })
        })
        .collect()
}

/// Clears what is known of a member and closes every door of theirs, once all that they shared is
/// taken back. Their return keys stay, hashed: they open nothing, and say to a phone whose session has
/// ended that it is to clear itself.
///
/// # Errors
/// What the database says.
pub async fn end(
    transaction: &mut AnyConnection,
    member: MemberId,
    now: Millis,
) -> Result<(), Error> {
    let id = member.to_string();
    // An empty name is nobody's: the desk calls them someone who left.
    let left = query(
        "update members set name = '', team = null, join_code = null, left_at = $2 where id = $1",
    )
    .bind(id.clone())
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    if left.rows_affected() == 0 {
        return Ok(());
    }
    query(
        "update devices set revoked_at = coalesce(revoked_at, $2), left_at = $2, \
         signed_out_at = $2, name = null, first_day = null, last_day = null, added_by = null, \
         lost_by = null where member = $1",
    )
    .bind(id.clone())
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    for table in [
        "delete from needs where member = $1",
        "delete from pair_codes where member = $1",
        "delete from phone_requests where member = $1",
    ] {
        query(table)
            .bind(id.clone())
            .execute(&mut *transaction)
            .await?;
    }
    // A session's data names its member by an id that stands in no other session.
    query("delete from web_sessions where data like '%' || $1 || '%'")
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    words::suggestions::leave_all(transaction, member, now).await?;
    groups::people::leave_all(transaction, member, now).await?;
    peers::leave_all(transaction, member, now).await?;
    leads::remove_all(transaction, member).await?;
    calendars::end(transaction, Whose::Member(member)).await?;
    forget_records(transaction, member).await?;
    let nobody = StaffId(Uuid::nil());
    let subject = (kind::MEMBER, member.0);
    audit::add(transaction, now, nobody, LEFT, subject, None).await
}

/// Of their records only the empty ones of what was taken back stay.
async fn forget_records(transaction: &mut AnyConnection, member: MemberId) -> Result<(), Error> {
    let scope = member_scope(member);
    let mut tombstones = Vec::new();
    for kind in [kind::DEVICE, kind::TEAM, kind::MEMBER, kind::NEEDS] {
        let rows = query("select id from feed where scope = $1 and kind = $2 and deleted = 0")
            .bind(scope.clone())
            .bind(kind)
            .fetch_all(&mut *transaction)
            .await?;
        for row in rows {
            tombstones.push(Entry {
                scope: scope.clone(),
                kind,
                id: row.try_get(0)?,
                body: None,
                is_new: false,
            });
        }
    }
    feed::write(transaction, tombstones).await
}
