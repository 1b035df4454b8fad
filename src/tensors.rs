//! Arrays of numbers in a `safetensors` file: what models and word vectors are stored in.

use safetensors::SafeTensorError;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

/// A named array: its type, its shape and its bytes.
pub(crate) type Part = (&'static str, Dtype, Vec<usize>, Vec<u8>);

/// Little-endian numbers end to end.
pub(crate) fn bytes_of<T: Copy, const N: usize>(
    numbers: impl IntoIterator<Item = T>,
    write: fn(T) -> [u8; N],
) -> Vec<u8> {
    numbers.into_iter().flat_map(write).collect()
}

/// The bytes of a file of arrays, with one line of metadata. The same bytes for the same parts.
pub(crate) fn serialize(parts: &[Part], metadata: Option<(&str, String)>) -> Result<Vec<u8>, SafeTensorError> {
    let mut views = Vec::with_capacity(parts.len());
    for (name, dtype, shape, bytes) in parts {
        views.push((*name, TensorView::new(*dtype, shape.clone(), bytes)?));
    }
    safetensors::serialize(views, metadata.map(|(key, value)| [(key.to_owned(), value)].into_iter().collect()))
}

/// Numbers and shape of an array; what is wrong with it in words where it is not of that name and type.
pub(crate) fn numbers<T, const N: usize>(
    tensors: &SafeTensors<'_>,
    name: &str,
    dtype: Dtype,
    read: fn([u8; N]) -> T,
) -> Result<(Vec<T>, Vec<usize>), String> {
    let tensor = tensors.tensor(name).map_err(|error| format!("{name}: {error}"))?;
    if tensor.dtype() != dtype {
        return Err(format!("{name} holds {:?} where {dtype:?} is expected", tensor.dtype()));
    }
    let (chunks, _) = tensor.data().as_chunks::<N>();
    Ok((chunks.iter().map(|chunk| read(*chunk)).collect(), tensor.shape().to_vec()))
}
