//! What the phone holds, as signals: none until the phone has answered, loaded again whenever
//! something changed. On the server there is no phone, so nothing personal is ever drawn there.

use crate::{
    domain::{
        help_line::HelpLine,
        opportunity::{Opportunity, Session},
        record::kind,
    },
    json::{self, FromJson},
    order,
    ui::{
        Ui,
        local::{Answer, PageData, Phone, Seen},
        parts::act::wait,
    },
};
use leptos::prelude::*;
use uuid::Uuid;

/// Something that the phone loads; none until it has answered.
pub(crate) type Loaded<T> = RwSignal<Option<T>>;
/// Records as they are stored: JSON text by id.
pub(crate) type Records = Loaded<Vec<Seen<String>>>;

/// Loads with `ask`, and again whenever something changed.
pub(crate) fn load<T: Send + Sync + 'static>(
    ui: Ui,
    ask: impl Fn(&dyn Phone) -> Answer<T> + 'static,
) -> Loaded<T> {
    let loaded = RwSignal::new(None);
    whenever(move || {
        ui.local.changed.track();
        let Some(phone) = ui.local.phone() else {
            return;
        };
        keep(ui, ask(&*phone), loaded);
    });
    loaded
}

/// One kind of code for each kind of answer, not for each screen.
#[inline(never)]
fn keep<T: Send + Sync + 'static>(ui: Ui, answer: Answer<T>, loaded: Loaded<T>) {
    // The person may have left the screen meanwhile: then nobody waits for this.
    let set = move |found| drop(loaded.try_set(Some(found)));
    wait(ui, answer, Box::new(set));
}

/// Runs in the browser alone, and again whenever a signal it read changes. One kind of effect for the
/// whole app: each kind would be compiled anew.
pub(crate) fn whenever(run: impl Fn() + 'static) {
    let run: Box<dyn Fn()> = Box::new(run);
    Effect::new(move |_| run());
}

/// Loads the records of one kind.
pub(crate) fn records(ui: Ui, kind: &'static str) -> Records {
    load(ui, move |phone| phone.records(kind))
}

/// Reads records; one that this version cannot read is left out.
pub(crate) fn read<T: FromJson>(records: &[Seen<String>]) -> Vec<Seen<T>> {
    records
        .iter()
        .filter_map(|seen| {
            Some(Seen {
                id: seen.id,
                body: json::read(&seen.body)?,
                sent: seen.sent,
            })
        })
        .collect()
}

/// Public records: the phone's once it holds any, until then the page's.
pub(crate) fn public<T: FromJson>(
    ui: Ui,
    records: Records,
    on_page: fn(&PageData) -> Vec<(Uuid, T)>,
) -> Vec<(Uuid, T)> {
    let stored: Vec<(Uuid, T)> = records.with(|records| {
        let found = read(records.as_deref().unwrap_or_default()).into_iter();
        found.map(|seen| (seen.id, seen.body)).collect()
    });
    let page = ui.local.page.with_value(on_page);
    // While locked nothing is synced, and the page has just come from the server.
    if stored.is_empty() || (ui.locked.get() && !page.is_empty()) {
        page
    } else {
        stored
    }
}

/// Opportunities and their sessions, kept fresh.
#[derive(Clone, Copy)]
pub(crate) struct Programme {
    ui: Ui,
    opportunities: Records,
    sessions: Records,
}

impl Programme {
    /// Loads both.
    pub(crate) fn load(ui: Ui) -> Self {
        Self {
            ui,
            opportunities: records(ui, kind::OPPORTUNITY),
            sessions: records(ui, kind::SESSION),
        }
    }

    /// All opportunities.
    pub(crate) fn opportunities(self) -> Vec<(Uuid, Opportunity)> {
        public(self.ui, self.opportunities, |page| {
            page.opportunities.clone()
        })
    }

    /// One opportunity.
    pub(crate) fn opportunity(self, id: Uuid) -> Option<Opportunity> {
        let mut all = self.opportunities().into_iter();
        all.find(|(found, _)| *found == id).map(|(_, found)| found)
    }

    /// All sessions, soonest first; those without a fixed time last.
    pub(crate) fn sessions(self) -> Vec<(Uuid, Session)> {
        let mut found = public(self.ui, self.sessions, |page| page.sessions.clone());
        order::by_key(&mut found, |(_, session)| {
            (session.starts_at.is_none(), session.starts_at.clone())
        });
        found
    }
}

/// Help lines as the phone holds them, else as the page carries them; empty on a phone that never synced.
pub(crate) fn help_lines(ui: Ui, records: Records) -> Vec<HelpLine> {
    let mut lines: Vec<HelpLine> = records.with(|records| {
        let found = read(records.as_deref().unwrap_or_default()).into_iter();
        found.map(|seen| seen.body).collect()
    });
    let page = ui.local.page.with_value(|page| page.help_lines.clone());
    if lines.is_empty() || (ui.locked.get() && !page.is_empty()) {
        lines = page;
    }
    order::by_key(&mut lines, |line| line.order);
    lines
}
