//! Classifies whole inputs: chunks in, chunks out, in order, on any number of threads, in constant memory.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::context::Parents;
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline::{Classifier, Pipeline};
use crate::read::{Chunk, IdLook, Input, Parser, Role, Roles};
use crate::write::{Plan, RowWriter};

/// What became of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows written.
    pub n_rows: u64,
    /// Rows whose `error` cell says something.
    pub n_failed: u64,
    /// Rows marked `abstain`.
    pub n_abstained: u64,
    /// Rows per label, in the model's order.
    pub per_label: Vec<u64>,
    /// The first row that failed: its line and what is wrong.
    pub first_failure: Option<(u64, String)>,
    /// Rows that answer a message whose text the row does not hold; only where parents are looked up.
    pub n_replies: u64,
    /// Of those, rows whose parent was found.
    pub n_joined: u64,
    /// Bytes of input classified.
    pub n_bytes: u64,
    /// What the ids look like.
    pub ids: IdLook,
}

/// An input with the roles of its columns.
#[derive(Debug)]
pub struct Source {
    /// The input.
    pub input: Input,
    /// Its roles.
    pub roles: Roles,
    /// Where the texts of messages answered are looked up.
    pub parents: Option<Arc<Parents>>,
}

/// Chunks under way for each thread: enough to keep it busy, few enough to keep memory flat.
const CHUNKS_PER_THREAD: usize = 4;

/// A chunk to classify.
struct Job {
    index: u64,
    chunk: Chunk,
    parser: Parser,
    roles: Roles,
    parents: Option<Arc<Parents>>,
}

/// A chunk classified.
struct Done {
    bytes: Vec<u8>,
    summary: Summary,
}

/// Classifies every row of `source` and writes it as planned, without a header, to `out`; `progress` hears of each chunk.
///
/// **Errors**: those of reading and writing, and a cell that the plan's style cannot hold.
pub fn classify(
    pipeline: &Pipeline,
    source: Source,
    plan: &Plan,
    n_threads: usize,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(&Summary),
) -> Result<Summary> {
    let total = Summary { per_label: vec![0; pipeline.labels().len()], ..Summary::default() };
    let mut writer = Writer { out, progress, total };
    if n_threads <= 1 {
        let mut worker = Worker::new(pipeline, plan);
        for job in Jobs::new(source) {
            writer.write(&worker.run(&job?)?)?;
        }
        return Ok(writer.total);
    }
    in_parallel(pipeline, source, plan, n_threads, &mut writer)?;
    Ok(writer.total)
}

/// One thread reads, `n_threads` classify, this one writes in order.
fn in_parallel(
    pipeline: &Pipeline,
    source: Source,
    plan: &Plan,
    n_threads: usize,
    writer: &mut Writer<'_>,
) -> Result<()> {
    let under_way = n_threads * CHUNKS_PER_THREAD;
    let (permit, permits) = bounded::<()>(under_way);
    let (to_workers, jobs) = bounded::<Job>(under_way);
    let (to_writer, results) = bounded::<(u64, Result<Done>)>(under_way);
    for _ in 0..under_way {
        permit.send(()).expect("the channel has room for every permit");
    }
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            let (jobs, to_writer) = (jobs.clone(), to_writer.clone());
            scope.spawn(move || work(pipeline, plan, &jobs, &to_writer));
        }
        scope.spawn(move || feed(source, &permits, &to_workers, &to_writer));
        drop(jobs);
        // Leaving this closure drops the receivers, which ends every thread that still sends.
        let (results, permit) = (results, permit);
        let mut early = BTreeMap::new();
        let mut next = 0;
        for (index, done) in &results {
            early.insert(index, done);
            while let Some(done) = early.remove(&next) {
                writer.write(&done?)?;
                next += 1;
                // The reader is gone once the input has ended: nobody needs the permit then.
                let _ = permit.send(());
            }
        }
        Ok(())
    })
}

/// Reads chunks as long as permits come and somebody listens.
fn feed(source: Source, permits: &Receiver<()>, to_workers: &Sender<Job>, to_writer: &Sender<(u64, Result<Done>)>) {
    let mut index = 0;
    for job in Jobs::new(source) {
        if permits.recv().is_err() {
            return;
        }
        let sent = match job {
            Ok(job) => {
                index = job.index + 1;
                to_workers.send(job).is_ok()
            }
            Err(error) => to_writer.send((index, Err(error))).is_ok(),
        };
        if !sent {
            return;
        }
    }
}

fn work(pipeline: &Pipeline, plan: &Plan, jobs: &Receiver<Job>, to_writer: &Sender<(u64, Result<Done>)>) {
    let mut worker = Worker::new(pipeline, plan);
    for job in jobs {
        if to_writer.send((job.index, worker.run(&job))).is_err() {
            return;
        }
    }
}

/// The chunks of an input as jobs.
struct Jobs {
    source: Source,
    parser: Parser,
    index: u64,
}

impl Jobs {
    fn new(source: Source) -> Self {
        Self { parser: source.input.parser(), source, index: 0 }
    }
}

impl Iterator for Jobs {
    type Item = Result<Job>;

    fn next(&mut self) -> Option<Self::Item> {
        let chunk = self.source.input.next_chunk().transpose()?;
        let index = self.index;
        self.index += 1;
        Some(chunk.map(|chunk| Job {
            index,
            chunk,
            parser: self.parser.clone(),
            roles: self.source.roles.clone(),
            parents: self.source.parents.clone(),
        }))
    }
}

/// One thread's way from a chunk to the bytes of its output.
struct Worker<'p> {
    pipeline: &'p Pipeline,
    classifier: Classifier<'p>,
    rows: RowWriter,
}

impl<'p> Worker<'p> {
    fn new(pipeline: &'p Pipeline, plan: &Plan) -> Self {
        Self { pipeline, classifier: pipeline.classifier(), rows: RowWriter::new(plan) }
    }

    fn run(&mut self, job: &Job) -> Result<Done> {
        let Self { pipeline, classifier, rows } = self;
        let mut summary = Summary { per_label: vec![0; pipeline.labels().len()], ..Summary::default() };
        let mut failed = Ok(());
        job.parser.rows(&job.chunk, &mut |line, row| {
            let mut message = job.roles.message(row);
            if let Some(parents) = job.parents.as_ref().filter(|_| message.parent().is_none()) {
                match parents.of(&job.roles, row) {
                    Ok(Some(parent)) => {
                        summary.n_replies += 1;
                        summary.n_joined += u64::from(parent.is_some());
                        message.parent = parent.map(Cow::Owned);
                    }
                    Ok(None) => {}
                    Err(error) => failed = std::mem::replace(&mut failed, Ok(())).and(Err(error)),
                }
            }
            let prediction = classifier.classify(&message);
            if let Err(error) = rows.push(row, pipeline.labels(), &prediction) {
                failed = std::mem::replace(&mut failed, Ok(())).and(Err(error.at_line(line)));
            }
            summary.ids.look(job.roles.cell(row, Role::Id), line);
            summary.n_rows += 1;
            summary.n_abstained += u64::from(prediction.abstain);
            summary.per_label[prediction.label_id] += 1;
            if !row.error.is_empty() {
                summary.n_failed += 1;
                summary.first_failure.get_or_insert_with(|| (line, row.error.clone()));
            }
        });
        summary.n_bytes = job.chunk.bytes.len() as u64;
        let bytes = rows.take();
        failed.map(|()| Done { bytes, summary })
    }
}

/// Writes chunks and adds up what they hold.
struct Writer<'a> {
    out: &'a mut dyn Write,
    progress: &'a mut dyn FnMut(&Summary),
    total: Summary,
}

impl Writer<'_> {
    fn write(&mut self, done: &Done) -> Result<()> {
        self.out.write_all(&done.bytes).map_err(|error| Error::new(ErrorKind::Unwritable(error)))?;
        self.total.add(&done.summary);
        (self.progress)(&self.total);
        Ok(())
    }
}

impl Summary {
    /// Adds what a later part of the run became.
    pub fn add(&mut self, later: &Self) {
        self.n_rows += later.n_rows;
        self.n_failed += later.n_failed;
        self.n_abstained += later.n_abstained;
        self.n_bytes += later.n_bytes;
        self.n_replies += later.n_replies;
        self.n_joined += later.n_joined;
        self.ids.add(&later.ids);
        self.per_label.resize(later.per_label.len().max(self.per_label.len()), 0);
        self.per_label.iter_mut().zip(&later.per_label).for_each(|(sum, more)| *sum += more);
        if self.first_failure.is_none() {
            self.first_failure.clone_from(&later.first_failure);
        }
    }
}
