// Starts Swagger UI. The validator badge would ask a foreign host, so it is off.
window.addEventListener("DOMContentLoaded", () => {
  SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#swagger-ui",
    presets: [SwaggerUIBundle.presets.apis],
    validatorUrl: null,
    deepLinking: true,
    defaultModelsExpandDepth: 0,
  });
});
