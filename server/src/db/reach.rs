//! How much of the programme an account runs from the desk: staff and admins all of it, a lead the groups that
//! they lead (`group_lead_staff`) with what belongs to those. It is asked in the database with every query and
//! again in the transaction that writes, so that whoever leads a group no more, and whatever is of another group
//! now, is out of reach from the next statement on. What is out of reach is as if it were not there.

use super::staff::{self, Role, Staff};
use crate::error::Error;
use app::domain::id::{
    ChangeId, GroupId, NoteId, OpportunityId, SessionId, SignUpId, StaffId, TrainingId,
};
use sqlx::{AnyConnection, AssertSqlSafe, any::AnyExecutor, query};

/// How far somebody on the desk reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Everything: staff and admins.
    All,
    /// What belongs to the groups that this account leads.
    Led(StaffId),
}

/// That the group in `$group` is within the reach whose [`Reach::value`] stands at `$place`.
macro_rules! within {
    ($group:literal, $place:literal) => {
        concat!(
            "(",
            $place,
            " = '' or ",
            $group,
            " in (select l.group_id from group_lead_staff l where l.staff = ",
            $place,
            "))"
        )
    };
}
pub(super) use within;

impl Reach {
    /// Of someone who works here.
    pub fn of(staff: &Staff) -> Self {
        match staff.role {
            Role::Staff | Role::Admin => Self::All,
            Role::Lead => Self::Led(staff.id),
        }
    }

    /// Of whoever does something, as it is now.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who does not work here; what the database says.
    pub async fn now(connection: &mut AnyConnection, staff: StaffId) -> Result<Self, Error> {
        let found = staff::find(connection, staff).await?;
        Ok(Self::of(&found.ok_or(Error::Forbidden)?))
    }

    /// What stands for it in a query: nothing for everything, else the account.
    pub fn value(self) -> String {
        match self {
            Self::All => String::new(),
            Self::Led(staff) => staff.to_string(),
        }
    }

    /// Whether a group, and what belongs to it, is run by them.
    ///
    /// # Errors
    /// What the database says.
    pub async fn may_run(
        self,
        connection: &mut AnyConnection,
        group: GroupId,
    ) -> Result<bool, Error> {
        match self.group(connection, group).await {
            Ok(()) => Ok(true),
            Err(Error::NotFound) => Ok(false),
            Err(problem) => Err(problem),
        }
    }

    /// Whether they may say that an opportunity belongs there. A lead's stands in no place of its own.
    ///
    /// # Errors
    /// What the database says.
    pub async fn may_put(
        self,
        connection: &mut AnyConnection,
        group: Option<GroupId>,
    ) -> Result<bool, Error> {
        match (self, group) {
            (Self::All, _) => Ok(true),
            (Self::Led(_), None) => Ok(false),
            (Self::Led(_), Some(group)) => self.may_run(connection, group).await,
        }
    }

    /// Whether they find peers for people: staff and admins, and who leads a group for peer support that goes on.
    ///
    /// # Errors
    /// What the database says.
    pub async fn may_match(self, db: impl AnyExecutor<'_>) -> Result<bool, Error> {
        if self == Self::All {
            return Ok(true);
        }
        let found = query(
            "select 1 from group_lead_staff l join involvement_groups g on g.id = l.group_id \
             where l.staff = $1 and g.area = 'peer_support' and g.state in ('open', 'paused')",
        )
        .bind(self.value())
        .fetch_optional(db)
        .await?;
        Ok(found.is_some())
    }

    /// A group, if they run it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; what the database says.
    pub async fn group(self, db: impl AnyExecutor<'_>, id: GroupId) -> Result<(), Error> {
        const FROM: &str = "(select id as group_id from involvement_groups) o";
        self.finds(db, FROM, "o.group_id", id.to_string()).await
    }

    /// An opportunity, if they reach it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; what the database says.
    pub async fn opportunity(
        self,
        db: impl AnyExecutor<'_>,
        id: OpportunityId,
    ) -> Result<(), Error> {
        self.finds(db, "opportunities o", "o.id", id.to_string())
            .await
    }

    /// A change, if they reach it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; what the database says.
    pub async fn change(self, db: impl AnyExecutor<'_>, id: ChangeId) -> Result<(), Error> {
        self.finds(db, "changes o", "o.id", id.to_string()).await
    }

    /// A change note, if they reach it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; what the database says.
    pub async fn note(self, db: impl AnyExecutor<'_>, id: NoteId) -> Result<(), Error> {
        self.finds(db, "change_notes o", "o.id", id.to_string())
            .await
    }

    /// A training, if they run its group.
    ///
    /// # Errors
    /// [`Error::NotFound`]; what the database says.
    pub async fn training(self, db: impl AnyExecutor<'_>, id: TrainingId) -> Result<(), Error> {
        self.finds(db, "trainings o", "o.id", id.to_string()).await
    }

    /// A session, if they reach it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; what the database says.
    pub async fn session(self, db: impl AnyExecutor<'_>, id: SessionId) -> Result<(), Error> {
        const FROM: &str = "sessions e join opportunities o on o.id = e.opportunity";
        self.finds(db, FROM, "e.id", id.to_string()).await
    }

    /// A sign-up, if they reach it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; what the database says.
    pub async fn sign_up(self, db: impl AnyExecutor<'_>, id: SignUpId) -> Result<(), Error> {
        const FROM: &str = "sign_ups s join sessions e on e.id = s.session \
             join opportunities o on o.id = e.opportunity";
        self.finds(db, FROM, "s.id", id.to_string()).await
    }

    /// Who reaches all is told by the next query whether it is there.
    async fn finds(
        self,
        db: impl AnyExecutor<'_>,
        from: &'static str,
        id: &'static str,
        value: String,
    ) -> Result<(), Error> {
        if self == Self::All {
            return Ok(());
        }
        let sql = format!(
            "select 1 from {from} where {id} = $1 and {}",
            within!("o.group_id", "$2")
        );
        let found = query(AssertSqlSafe(sql))
            .bind(value)
            .bind(self.value())
            .fetch_optional(db)
            .await?;
        found.map(drop).ok_or(Error::NotFound)
    }
}
