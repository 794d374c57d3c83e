//! The two small scripts that the server itself writes.

/// Loads the module once the page is read and wakes the island: what Leptos' own inline script does, as a file, so that
/// the policy needs no exception for it.
///
/// A browser that skips the cross-fade between two pages (the next one came too soon, the tab is hidden) rejects promises
/// that nobody asked for and reports them as errors (<https://github.com/w3c/csswg-drafts/issues/13726>). A fade that did
/// not happen is no error. From an address to the same with another query, as from a list to a narrower one, nothing
/// fades: taking the picture of the old page costs a third of the time until the new one shows. And a page in sight is
/// painted before it is made to act.
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
