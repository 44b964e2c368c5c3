//! The id of the request that is being worked on, for log lines: on a blocking thread by a thread-local, on the event loop,
//! where requests take turns on one thread, by a task-local.

use std::cell::RefCell;
use std::future::Future;
use std::sync::Arc;

/// The id of a request: from the client's `X-Request-Id`, or a new UUID.
pub type RequestId = Arc<str>;

thread_local! {
    static OF_THREAD: RefCell<Option<RequestId>> = const { RefCell::new(None) };
}

tokio::task_local! {
    static OF_TASK: RequestId;
}

/// The id of the request that this thread or task works on.
pub fn current() -> Option<RequestId> {
    OF_THREAD.with(|id| id.borrow().clone()).or_else(|| OF_TASK.try_with(Arc::clone).ok())
}

/// Runs a future of the event loop on behalf of a request.
pub async fn scope<F: Future>(id: RequestId, future: F) -> F::Output {
    OF_TASK.scope(id, future).await
}

/// Marks the current thread as working on a request, until dropped.
pub struct OnThread(());

impl OnThread {
    /// Begins to work on a request. Not to be nested.
    pub fn enter(id: RequestId) -> Self {
        OF_THREAD.with(|current| current.replace(Some(id)));
        Self(())
    }
}

impl Drop for OnThread {
    fn drop(&mut self) {
        OF_THREAD.with(RefCell::take);
    }
}
