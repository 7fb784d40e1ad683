/** O que se diz onde várias coisas são feitas de uma vez, em português. */
/** @type {Record<string, string>} */
export default {
  "bulk.label": "Escolhidos",
  "bulk.choose": "Escolher {name}",
  "bulk.chooseHint": "Com Shift, todos até aqui",
  "bulk.chooseAll": "Escolher todos",
  "bulk.chosen": "{count} escolhido | {count} escolhidos",
  "bulk.none": "Não escolher nenhum",
  "bulk.doing": "{done} de {count} | {done} de {count}",
  "bulk.undo": "Desfazer",
  "bulk.failed": "Com um não deu certo: | Com {count} não deu certo:",
  "bulk.trash": "Mover para a lixeira",
  "bulk.trashed": "{count} documento está na lixeira: nenhuma resposta o usa mais. | {count} documentos estão na lixeira: nenhuma resposta os usa mais.",
  "bulk.again": "Ler de novo",
  "bulk.isAgain": "{count} documento será lido de novo. | {count} documentos serão lidos de novo.",
  "bulk.restore": "Restaurar",
  "bulk.restored": "{count} documento voltou e será lido de novo. | {count} documentos voltaram e serão lidos de novo.",
  "bulk.tell": "Marcar como avisadas",
  "bulk.told": "{count} lacuna está marcada como avisada. | {count} lacunas estão marcadas como avisadas.",
  "bulk.dismiss": "Dispensar",
  "bulk.dismissed": "{count} lacuna foi dispensada. | {count} lacunas foram dispensadas.",
  "bulk.undone": "Desfeito com {count}. | Desfeito com {count}.",
};
