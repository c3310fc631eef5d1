// Everything into one folder that the service serves; names hold a hash, so a browser may keep a file for ever.
export default {
  base: "/static/built/",
  publicDir: false,
  logLevel: "warn",
  build: {
    outDir: "../static/built",
    emptyOutDir: true,
    target: "es2022",
    manifest: "manifest.json",
    license: { fileName: "licences.md" },
    modulePreload: { polyfill: false },
    rollupOptions: { input: ["src/main.ts", "src/network.ts", "src/suggest.ts"], output: { entryFileNames: "[name]-[hash].js", chunkFileNames: "[name]-[hash].js" } },
  },
};
