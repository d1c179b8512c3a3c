//! A write is a command: a named value that runs in one transaction, may run again, and awaits nothing else (I9).

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::Poll;

use tokio::sync::oneshot;

use super::{DbError, Tx};

/// One write: state and all its consequences, all or nothing.
pub trait Command: Send + Sync + 'static {
    /// What an accepted command answers, after COMMIT.
    type Output: Send + 'static;
    /// Why it may be refused; nothing it wrote stays. A database failure must be one of the reasons.
    type Refusal: From<DbError> + AsDbError + Send + 'static;

    /// Decides and writes. May be called again on a fresh transaction, so it only reads `self`.
    fn run(&self, tx: &mut Tx) -> impl Future<Output = Result<Self::Output, Self::Refusal>> + Send;
}

/// Tells whether a refusal is a failure of the database (and so perhaps worth another try).
pub trait AsDbError {
    /// The database's failure, if that is what it is.
    fn as_db_error(&self) -> Option<&DbError>;
}

impl AsDbError for DbError {
    fn as_db_error(&self) -> Option<&DbError> {
        Some(self)
    }
}

/// A command waiting for the writer, with whoever waits for its answer.
pub(super) trait Queued: Send {
    /// Runs it; `true` when its savepoint is to stay.
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>>;
    /// Whether the run failed in a way that another try may cure.
    fn retryable(&self) -> bool;
    /// Hands over the answer. `Err`: the commit failed, or the command never ran.
    fn answer(self: Box<Self>, committed: Result<(), DbError>);
}

pub(super) struct Waiting<C: Command> {
    command: C,
    result: Option<Result<C::Output, C::Refusal>>,
    reply: oneshot::Sender<Result<C::Output, C::Refusal>>,
}

/// Where the answer of a command arrives.
pub(super) type Answer<C> = oneshot::Receiver<Result<<C as Command>::Output, <C as Command>::Refusal>>;

impl<C: Command> Waiting<C> {
    pub(super) fn new(command: C) -> (Box<Self>, Answer<C>) {
        let (reply, receiver) = oneshot::channel();
        (Box::new(Self { command, result: None, reply }), receiver)
    }
}

impl<C: Command> Queued for Waiting<C> {
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            let result = match caught(self.command.run(tx)).await {
                Ok(result) => result,
                Err(_) => Err(C::Refusal::from(DbError::Damaged("a command failed unexpectedly".into()))),
            };
            let keep = result.is_ok();
            self.result = Some(result);
            keep
        })
    }

    fn retryable(&self) -> bool {
        match &self.result {
            Some(Err(refusal)) => refusal.as_db_error().is_some_and(DbError::is_retryable),
            _ => false,
        }
    }

    fn answer(self: Box<Self>, committed: Result<(), DbError>) {
        let Waiting { result, reply, .. } = *self;
        let answer = match (committed, result) {
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(DbError::Closed.into()),
            (Err(error), _) => Err(error.into()),
        };
        // Whoever asked may have gone; the write stands all the same.
        let _ = reply.send(answer);
    }
}

/// Runs a future; a panic inside becomes an error, so that one bad command cannot stop the writer.
async fn caught<F: Future>(future: F) -> Result<F::Output, Box<dyn Any + Send>> {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(move |context| {
        match std::panic::catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    })
    .await
}
