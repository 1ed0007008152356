//! What one new command costs on a phone that holds many records: the replica itself, with a store
//! in memory, from the person's tap until nothing is unsent. The browser's half of the benchmark has
//! the real store.

use crate::{
    commands::Maker,
    depth,
    figures::{milliseconds, percentile, ratio, thousands, title},
};
use anyhow::{Context, Result, bail, ensure};
use app::{
    domain::id::CommandId,
    sync::{
        outbox::{OutboxRow, Owner},
        replica::{Act, Input, Output, Replica, Setup},
        store::{Batch, Meta, Saved, Write},
        wire::SyncRequest,
    },
};
use std::{
    collections::{BTreeMap, VecDeque},
    time::{Duration, Instant},
};
use tests::outside::{http::Connection, member::Member, process::Server};
use uuid::Uuid;

const STEPS: [u64; 3] = [0, 1_000, 10_000];
const WARM_UP: usize = 20;
const MEASURED: usize = 200;
/// Any time: the replica asks for none.
const NOW: i64 = 1_795_443_120_007;

/// Prints it at each step.
pub async fn one_new_command(server: &Server) -> Result<()> {
    title("One new command, from the tap until nothing is unsent (p50 of 200)");
    println!("  records on the phone                    the start before it");
    let mut at_none = None;
    for step in STEPS {
        let mut phone = Phone::holding(server, step).await?;
        let (start, time) = (phone.time_start(), phone.time_one().await?);
        let at_none = *at_none.get_or_insert(time);
        let target = if step == STEPS[2] {
            "   target ≤ 1.5×"
        } else {
            ""
        };
        println!(
            "  {:<24}{:>12}{:>12}   {}{target}",
            thousands(step),
            milliseconds(time),
            milliseconds(start),
            ratio(time, at_none)
        );
    }
    Ok(())
}

/// What IndexedDB would hold.
#[derive(Default)]
struct Store {
    records: BTreeMap<String, String>,
    outbox: BTreeMap<CommandId, OutboxRow>,
    meta: Option<Meta>,
}

struct Phone {
    member: Member,
    connection: Connection,
    store: Store,
    replica: Replica,
}

impl Phone {
    /// Joined on this phone, and everything read that the member has on the server.
    async fn holding(server: &Server, records: u64) -> Result<Self> {
        let mut loader = depth::Phone::join(server).await?;
        loader.load(records).await?;
        let member = loader.member;
        let mut phone = Self {
            connection: Connection::open(server.address()).await?,
            replica: Replica::restore(Saved::default(), setup(&member)),
            store: Store::default(),
            member,
        };
        let become_member = Act::Become {
            member: phone.member.id,
            with: Vec::new(),
        };
        phone.drive(Input::Act(0, become_member)).await?;
        let held = u64::try_from(phone.replica.record_count())?;
        ensure!(held >= records, "the phone read only {held} records");
        Ok(phone)
    }

    /// A start: the replica laid out again over what is stored.
    fn time_start(&self) -> Duration {
        let mut times = Vec::with_capacity(MEASURED);
        for _ in 0..MEASURED {
            let saved = self.store.saved();
            let start = Instant::now();
            let replica = Replica::restore(saved, setup(&self.member));
            times.push(start.elapsed());
            drop(replica);
        }
        percentile(&mut times, 50)
    }

    async fn time_one(&mut self) -> Result<Duration> {
        self.replica = Replica::restore(self.store.saved(), setup(&self.member));
        let member = self.member.clone();
        let mut maker = Maker::new(&member);
        let mut times = Vec::with_capacity(MEASURED);
        for run in 0..WARM_UP + MEASURED {
            let act = Act::Do {
                id: CommandId(Uuid::now_v7()),
                owner: Owner::Member(member.id),
                command: Box::new(maker.share()),
                with: Vec::new(),
            };
            let start = Instant::now();
            self.drive(Input::Act(1, act)).await?;
            if run >= WARM_UP {
                times.push(start.elapsed());
            }
            ensure!(
                self.replica.status().unsent == 0,
                "the command was not sent"
            );
        }
        Ok(percentile(&mut times, 50))
    }

    /// Does all that follows from `input`.
    async fn drive(&mut self, input: Input) -> Result<()> {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            self.replica.handle(NOW, input);
            while let Some(output) = self.replica.poll() {
                inputs.extend(self.act_on(output).await?);
            }
        }
        Ok(())
    }

    async fn act_on(&mut self, output: Output) -> Result<Option<Input>> {
        Ok(match output {
            Output::Store(batch) => {
                let id = batch.id;
                self.store.write(batch);
                Some(Input::Stored(id))
            }
            Output::Lock { .. } => Some(Input::Locked(None)),
            Output::Send(id, request) => {
                let page = self.ask(&request).await?;
                Some(Input::Reply(
                    id,
                    Ok(Box::new(serde_json::from_slice(&page)?)),
                ))
            }
            Output::Done(_, kept) => {
                kept.ok().context("the store in memory keeps everything")?;
                None
            }
            Output::Renew(_) => bail!("the session ended"),
            Output::Unlock | Output::Changed | Output::Status(_) | Output::WakeAt(_) => None,
        })
    }

    async fn ask(&mut self, request: &SyncRequest) -> Result<Vec<u8>> {
        let request = self.member.post("", &serde_json::to_string(request)?);
        let answer = self.connection.ask(&request).await?;
        ensure!(answer.status == 200, "answered {}", answer.status);
        Ok(answer.body)
    }
}

impl Store {
    fn saved(&self) -> Saved {
        Saved {
            meta: self.meta.clone(),
            outbox: self.outbox.values().cloned().collect(),
            records: self.records.keys().cloned().collect(),
        }
    }

    fn write(&mut self, batch: Batch) {
        for write in batch.writes {
            match write {
                Write::PutRecord(key, text) => {
                    self.records.insert(key.to_text(), text);
                }
                Write::DeleteRecord(key) => {
                    self.records.remove(&key.to_text());
                }
                Write::PutOutbox(row) => {
                    self.outbox.insert(row.id, row);
                }
                Write::DeleteOutbox(id) => {
                    self.outbox.remove(&id);
                }
                // Drafts and the person's own: nothing here makes any.
                _ => {}
            }
        }
        self.meta = Some(batch.meta);
    }
}

fn setup(member: &Member) -> Setup {
    Setup {
        device: member.device,
        build: "bench".to_owned(),
        seed: 1,
    }
}
