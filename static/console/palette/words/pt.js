/** Ir a qualquer lugar: o que a paleta e os atalhos dizem, em português. */
/** @type {Record<string, string>} */
export default {
  "palette.open": "Buscar ou ir para…",
  "palette.label": "Página, assistente, documento, pessoa ou ação",
  "palette.results": "O que foi encontrado",
  "palette.close": "Fechar",
  "palette.page": "Páginas",
  "palette.act": "Ações",
  "palette.assistant": "Assistentes",
  "palette.collection": "Coleções",
  "palette.document": "Documentos",
  "palette.person": "Pessoas",
  "palette.conversation": "Suas conversas",
  "palette.new": "Novo assistente",
  "palette.upload": "Enviar documentos",
  "palette.speak": "Mudar para {language}",
  "palette.leave": "Encerrar a sessão",
  "palette.asking": "Procurando…",
  "palette.count": "{count} resultado: setas para escolher, Enter para abrir, Esc para fechar. | {count} resultados: setas para escolher, Enter para abrir, Esc para fechar.",
  "palette.none": "Nada aqui se chama “{words}”. Tente uma parte do nome.",
};
