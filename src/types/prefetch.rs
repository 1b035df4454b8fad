//! Asks memory for what will be read soon.

/// Starts to bring the element at `index` into the core's own cache, without waiting for it; nothing where there is none, or on
/// processors whose instruction is not known here.
///
/// Reading the element instead costs a wait as soon as a dozen are on their way; with this, classifying takes a tenth less time
/// (`docs/performance.md`).
#[inline]
pub fn prefetch<T>(slice: &[T], index: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(element) = slice.get(index) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: the instruction (part of SSE, which every x86-64 has) reads nothing, writes nothing and cannot fault; the address is
        // that of a live element besides.
        #[allow(unsafe_code, reason = "measured, and proven harmless above")]
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(element).cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (slice, index);
}
