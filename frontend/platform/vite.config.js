import { defineConfig } from "vite";

// Scripts and one style sheet under fixed names: the page's own, and the charts', loaded only where there is one.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../../src/jingzhun_web/static/platform",
    emptyOutDir: true,
    target: "es2020",
    modulePreload: false,
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      input: "main.ts",
      output: {
        entryFileNames: "main.js",
        chunkFileNames: "[name].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
});
