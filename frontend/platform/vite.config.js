import { defineConfig } from "vite";

// One script and one style sheet under fixed names: Django adds the hashes when it collects them.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../../src/jingzhun_web/static/platform",
    emptyOutDir: true,
    target: "es2020",
    rollupOptions: {
      input: "main.ts",
      output: {
        entryFileNames: "main.js",
        assetFileNames: "[name][extname]",
        inlineDynamicImports: true,
      },
    },
  },
});
