//! The two small scripts that the server itself writes.

/// The script that loads the module after the first paint and hydrates the island. It does what Leptos' inline script
/// does; as a file it needs no exception in the content security policy.
///
/// The script also handles cross-fades between pages:
/// - A browser that skips a fade rejects its promises and reports them as errors
///   (<https://github.com/w3c/csswg-drafts/issues/13726>). The script ignores these rejections.
/// - If only the query changes, as between two filters, nothing fades: the snapshot of the old page costs a third of the
///   time until the new page appears.
pub fn boot(js: &str, wasm: &str) -> String {
    format!(
        "for (const moment of ['pageswap', 'pagereveal']) addEventListener(moment, ({{ viewTransition: fade, activation }}) => {{\n\
         \x20 for (const promise of fade ? [fade.ready, fade.updateCallbackDone, fade.finished] : []) promise?.catch(() => {{}});\n\
         \x20 if (activation?.entry?.url && new URL(activation.entry.url).pathname === location.pathname) fade?.skipTransition();\n\
         }});\n\
         if (!document.hidden) await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));\n\
         const {{ default: init, ...islands }} = await import({js:?});\n\
         await init({{ module_or_path: {wasm:?} }});\n\
         islands.hydrate();\n\
         for (const island of document.querySelectorAll('leptos-island')) islands[island.dataset.component]?.(island);\n",
    )
}

/// What a page of another release gets when it asks for a script that this release does not have: it loads the page
/// again, once a minute at most. If a cache between server and browser keeps sending the old page, the browser must not
/// load it in a loop. The import that asked for this script never resolves, so nothing of the old page runs.
pub const RELOAD: &str = "\
        const key = 'reloaded ' + location.href, minute = 60000;\n\
        const last = Number(sessionStorage.getItem(key));\n\
        if (!(Date.now() - last < minute)) {\n\
        \x20 sessionStorage.setItem(key, Date.now());\n\
        \x20 location.reload();\n\
        }\n\
        // The page that imports this script waits until the new one is there.\n\
        await new Promise(() => {});\n";
