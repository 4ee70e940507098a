//! Files of the browser's private file system (OPFS), which only dedicated workers can open for synchronous access.

use redb::StorageBackend;
use send_wrapper::SendWrapper;
use std::io;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemReadWriteOptions, FileSystemRemoveOptions, FileSystemSyncAccessHandle,
    WorkerGlobalScope,
};

/// An open file. At most one handle to a file exists in all tabs.
///
/// Clones are the same handle. The wrapper would panic on another thread, but a wasm worker without shared memory has
/// no other thread.
#[derive(Clone, Debug)]
pub struct OpfsBackend(SendWrapper<FileSystemSyncAccessHandle>);

impl OpfsBackend {
    /// Opens or creates a file in a folder.
    ///
    /// # Errors
    /// [`io::ErrorKind::ResourceBusy`] if the file is open anywhere; otherwise the browser's error.
    pub async fn open(folder: &FileSystemDirectoryHandle, name: &str) -> io::Result<Self> {
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        let file = JsFuture::from(folder.get_file_handle_with_options(name, &options)).await.map_err(error)?;
        let file: FileSystemFileHandle = file.unchecked_into();
        let handle = JsFuture::from(file.create_sync_access_handle()).await.map_err(error)?;
        Ok(Self(SendWrapper::new(handle.unchecked_into())))
    }

    /// The file's size in bytes.
    ///
    /// # Errors
    /// The browser's error, for example because it has closed the handle.
    pub fn size(&self) -> io::Result<u64> {
        // An integer below 2^53 by the standard.
        self.0.get_size().map(|size| size as u64).map_err(error)
    }

    /// Closes the file; every later use fails.
    pub fn close(&self) {
        self.0.close();
    }
}

impl StorageBackend for OpfsBackend {
    fn len(&self) -> io::Result<u64> {
        self.size()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let wanted = out.len();
        let read = self.0.read_with_u8_array_and_options(out, &at(offset)).map_err(error)?;
        if read as usize == wanted { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.truncate_with_f64(len as f64).map_err(error)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.flush().map_err(error)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let written = self.0.write_with_u8_array_and_options(data, &at(offset)).map_err(error)?;
        if written as usize == data.len() {
            return Ok(());
        }
        let problem = format!("{written} of {} bytes written: the browser's storage is full", data.len());
        Err(io::Error::new(io::ErrorKind::QuotaExceeded, problem))
    }

    fn close(&self) -> io::Result<()> {
        self.0.close();
        Ok(())
    }
}

/// The root of the private file system.
///
/// # Errors
/// [`io::ErrorKind::Unsupported`] if the browser has none; otherwise the browser's error.
pub async fn root() -> io::Result<FileSystemDirectoryHandle> {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    let storage = js_sys::Reflect::get(&scope.navigator(), &"storage".into()).unwrap_or(JsValue::UNDEFINED);
    let method = if storage.is_object() { js_sys::Reflect::get(&storage, &"getDirectory".into()).ok() } else { None };
    if !method.is_some_and(|m| m.is_function()) {
        return Err(io::ErrorKind::Unsupported.into());
    }
    let root = JsFuture::from(scope.navigator().storage().get_directory()).await.map_err(error)?;
    Ok(root.unchecked_into())
}

/// Opens or creates a folder in a folder.
///
/// # Errors
/// The browser's error.
pub async fn folder(parent: &FileSystemDirectoryHandle, name: &str) -> io::Result<FileSystemDirectoryHandle> {
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(true);
    let folder = JsFuture::from(parent.get_directory_handle_with_options(name, &options)).await.map_err(error)?;
    Ok(folder.unchecked_into())
}

/// Deletes a file.
///
/// # Errors
/// [`io::ErrorKind::NotFound`]; otherwise the browser's error.
pub async fn remove(folder: &FileSystemDirectoryHandle, name: &str) -> io::Result<()> {
    JsFuture::from(folder.remove_entry(name)).await.map(|_| ()).map_err(error)
}

/// Deletes a folder with its content.
///
/// # Errors
/// [`io::ErrorKind::NotFound`]; otherwise the browser's error.
pub async fn remove_folder(parent: &FileSystemDirectoryHandle, name: &str) -> io::Result<()> {
    let options = FileSystemRemoveOptions::new();
    options.set_recursive(true);
    JsFuture::from(parent.remove_entry_with_options(name, &options)).await.map(|_| ()).map_err(error)
}

/// A JavaScript exception as an error, with a kind that the program can handle.
pub(super) fn error(exception: JsValue) -> io::Error {
    let Some(dom) = exception.dyn_ref::<DomException>() else {
        return io::Error::other(crate::exception::text(&exception));
    };
    let kind = match dom.name().as_str() {
        "NoModificationAllowedError" => io::ErrorKind::ResourceBusy,
        "NotFoundError" => io::ErrorKind::NotFound,
        "QuotaExceededError" => io::ErrorKind::QuotaExceeded,
        "NotAllowedError" | "SecurityError" => io::ErrorKind::PermissionDenied,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, format!("{}: {}", dom.name(), dom.message()))
}

fn at(offset: u64) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at(offset as f64);
    options
}
