//! Plans that members share: loaded with their other commands, decided by `app::domain::shared_plan`, and written
//! one by one, in order: there are few of them.

use crate::{
    db::plans::{self, PlanRow},
    error::Error,
    state::Arrival,
};
use app::domain::{
    id::MemberId,
    shared_plan::{SharePlan, SharedPlan},
    time::{Millis, rfc3339},
};
use sqlx::AnyConnection;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// What is to be loaded.
#[derive(Debug, Default)]
pub struct Wanted {
    plans: BTreeSet<Uuid>,
    members: BTreeSet<MemberId>,
}

impl Wanted {
    /// This one.
    pub fn add(&mut self, id: Uuid) {
        self.plans.insert(id);
    }

    /// All that stand of a member's.
    pub fn add_all_of(&mut self, member: MemberId) {
        self.members.insert(member);
    }
}

/// Plans as loaded, with what was decided so far.
#[derive(Debug, Default)]
pub struct Plans {
    rows: HashMap<Uuid, PlanRow>,
    /// Those that changed, in the order of their first change.
    touched: Vec<Uuid>,
}

impl Plans {
    /// Loads what is wanted.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load(connection: &mut AnyConnection, wanted: Wanted) -> Result<Self, Error> {
        let mut loaded = Self::default();
        let mut rows = Vec::new();
        for id in wanted.plans {
            rows.extend(plans::find(&mut *connection, id).await?);
        }
        for member in wanted.members {
            rows.extend(plans::standing_of(&mut *connection, member).await?);
        }
        loaded
            .rows
            .extend(rows.into_iter().map(|row| (row.id, row)));
        Ok(loaded)
    }

    /// One of them.
    pub fn get(&self, id: Uuid) -> Option<&PlanRow> {
        self.rows.get(&id)
    }

    /// Those of a member that stand.
    pub fn of(&self, member: MemberId) -> Vec<Uuid> {
        let rows = self.rows.values();
        let standing = rows.filter(|row| row.member == member && row.record.stands());
        standing.map(|row| row.id).collect()
    }

    /// A new one, in the place of those before.
    pub fn add(&mut self, member: MemberId, it: &SharePlan, now: Millis) {
        for before in self.of(member) {
            self.edit(before, |row| row.record.withdraw());
        }
        let row = PlanRow {
            id: it.plan,
            member,
            team: it.team,
            consent: it.consent,
            seen_by: None,
            seen_at: None,
            received_at: now,
            record: SharedPlan::new(it, rfc3339(now)),
        };
        self.rows.insert(it.plan, row);
        self.edit(it.plan, |_| {});
    }

    /// Changes one.
    pub fn edit(&mut self, id: Uuid, change: impl FnOnce(&mut PlanRow)) {
        if let Some(row) = self.rows.get_mut(&id) {
            change(row);
            if !self.touched.contains(&id) {
                self.touched.push(id);
            }
        }
    }

    /// Writes what changed; says what the desk should look at again.
    ///
    /// # Errors
    /// What the database says.
    pub async fn write(self, transaction: &mut AnyConnection) -> Result<Vec<Arrival>, Error> {
        let mut arrivals = Vec::new();
        for id in &self.touched {
            let row = self.rows.get(id).ok_or(Error::NotFound)?;
            plans::write(&mut *transaction, row).await?;
            arrivals.push(Arrival::Plan(row.team));
        }
        Ok(arrivals)
    }
}
